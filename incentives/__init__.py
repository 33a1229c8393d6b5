"""The policy: incentive rules as data, and regional quotas."""

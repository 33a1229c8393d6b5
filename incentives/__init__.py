"""The policy: incentive rules, eligibility, grants, regional quotas and targets."""

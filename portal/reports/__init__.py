"""What parties file: statements of account (日终报表), trade confirmations, fees to invoice."""

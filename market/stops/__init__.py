"""What stops trading: parties that are barred, venues that are halted."""

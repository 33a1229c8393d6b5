"""What anybody may check or follow: certificates, holdings, traces, books, audits."""

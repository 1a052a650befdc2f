"""The platform's own pages about money: what no API gives is seen there."""

BILLING_PAGE = "https://platform.openai.com/settings/organization/billing/overview"
"""Where the prepaid balance stands."""

INVOICES_PAGE = "https://platform.openai.com/settings/organization/billing/history"
"""Where the invoices are."""

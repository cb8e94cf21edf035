"""How good the answers are: golden questions, benchmark folders, and what is measured on them."""

"""The starter content: what a new portal begins with. Only what is missing is ever created."""

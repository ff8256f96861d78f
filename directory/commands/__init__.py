"""The commands of `provider-directory`."""

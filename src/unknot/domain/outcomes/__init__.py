"""What a person's own numbers may say."""

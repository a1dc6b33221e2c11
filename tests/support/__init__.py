"""What several test folders share: senders, servers, certificates, programs."""

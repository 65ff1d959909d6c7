"""What must hold on any flows, whoever wrote them."""

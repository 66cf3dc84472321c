package durable

// InTwoSteps is what swap does where names cannot be exchanged.
var InTwoSteps = inTwoSteps

package program

// Allows lets tests outside of the package ask the machine.
var Allows = allows

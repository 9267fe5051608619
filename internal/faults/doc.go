// Package faults holds the tests that break things: they run real "hocso
// serve" and "hocso work" processes over a PostgreSQL and a Redis of their
// own, kill, stop or fill up one of them, and count afterwards.
//
// Whatever was broken, a test ends with town.settle: every receipt that a
// learner saw belongs to one grade, counted once, within ten seconds of a
// worker being there, and the figures equal a recount. A machine may also lack
// what tests need: deploy/need.sh is tried on one that has nothing.
package faults

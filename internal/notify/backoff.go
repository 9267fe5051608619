package notify

import "time"

const (
	firstWait   = time.Minute
	longestWait = 4 * time.Hour
	// mostAttempts with these waits last for about a day and a half.
	mostAttempts = 16
)

// wait is how long to wait after so many attempts: twice as long each time, up
// to a longest, and by chance (from 0 to 1) up to half as long again, so that
// what failed together does not come back together.
func wait(attempts int, chance float64) time.Duration {
	base := min(firstWait<<min(max(attempts-1, 0), 20), longestWait)
	return base + time.Duration(chance*float64(base)/2)
}

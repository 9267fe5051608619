// Package e2e walks through the product as people do: in a real Chromium,
// against the real site and workers over a real PostgreSQL and Redis, with the
// real courses and the demonstration. axe-core looks at every page it meets.
package e2e

package embedded

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// waitReady returns when the server is ready, has ended, or ctx has. It sets
// no limit of its own: after a crash a server may read its files for minutes,
// and breaking it off would only begin that again.
func (s *Server) waitReady(ctx context.Context, ready func() bool, progress func(string)) error {
	look := time.NewTicker(5 * time.Millisecond)
	defer look.Stop()
	slow := time.NewTimer(2 * time.Second)
	defer slow.Stop()
	for {
		select {
		case <-look.C:
			if ready() {
				return nil
			}
		case <-slow.C:
			progress(fmt.Sprintf("%s is still starting; after a crash it first puts its data in order…", s.title))
		case <-s.done:
			return s.house.failure(s.title, errors.New("it ended"))
		case <-ctx.Done():
			return errors.Join(s.house.failure(s.title, ctx.Err()), s.Stop(context.WithoutCancel(ctx)))
		}
	}
}

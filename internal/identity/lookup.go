package identity

import "context"

// Lookup counts that somebody, signed in or not, asks by a code what stands on
// a paper, and asks find for it. Codes that nobody has slow down whoever tries
// them: a fault.TooMany.
func (s *Service) Lookup(ctx context.Context, from From, find func() error) error {
	limits := []limit{limitOn(codePace, "code", network(from.Address))}
	if err := s.guess(ctx, limits); err != nil {
		return err
	}
	if err := find(); err != nil {
		return err
	}
	return s.forgive(ctx, limits)
}

package certificate

import (
	"time"

	"github.com/google/uuid"
)

// earned is a completion that stands today.
type earned struct {
	source
	revision    int // of the programme's definition
	completedOn time.Time
	validUntil  *time.Time
	gives       bool // a record, if there is none yet
	renews      bool // what was earned in an earlier cycle
	unit        uuid.UUID
	facts       Facts
}

// standing is a programme in which a person is, whether or not they completed it.
type standing struct {
	revision int
	released bool
}

// plan is what has to be done so that a person's records say what they have completed.
type plan struct {
	issue     []*earned
	supersede map[*Record]*earned // by the record that is issued for it
	renewed   map[*Record]*Record // by one that is there
	revoke    []*Record
	confirm   map[*Record]int // still complete by this revision of the programme
}

// reconcile compares what a person has completed with the records that they
// have. In short: one live record for each completion that gives one.
//
// A record is taken back only when its completion turned out not to be so: a
// course's when it no longer counts as done alone, a programme's when by the
// same definition it is no longer complete. A definition that changed, a person
// who left the audience or was exempted, a programme that ended: none takes
// back what was earned before.
func reconcile(earnings []*earned, in map[uuid.UUID]standing, records []*Record) *plan {
	p := &plan{supersede: map[*Record]*earned{}, renewed: map[*Record]*Record{}, confirm: map[*Record]int{}}
	live, decided := map[source]*Record{}, map[source]time.Time{}
	for _, r := range records {
		switch {
		case r.live():
			live[r.source()] = r
		case r.RevokedAt != nil && r.Reason != Corrected && r.CompletedOn.After(decided[r.source()]):
			decided[r.source()] = r.CompletedOn // what people revoked, the worker does not give again
		}
	}
	holds := map[source]bool{}
	for _, e := range earnings {
		holds[e.source] = true
		r := live[e.source]
		switch {
		case r == nil && e.gives && e.completedOn.After(decided[e.source]),
			r != nil && e.gives && e.completedOn.After(r.CompletedOn): // completed anew
			p.issue = append(p.issue, e)
			if r != nil {
				p.supersede[r] = e
			}
		case r != nil && r.ProgramRevision != nil && *r.ProgramRevision != e.revision:
			p.confirm[r] = e.revision
		}
	}
	for s, r := range live {
		if holds[s] {
			continue
		}
		if now, ok := in[s.program]; s.course != uuid.Nil || ok && !now.released && now.revision == *r.ProgramRevision {
			p.revoke = append(p.revoke, r)
			delete(live, s)
		}
	}
	p.renew(earnings, live)
	return p
}

// renew has the record of a later cycle supersede those of the cycles before it.
func (p *plan) renew(earnings []*earned, live map[source]*Record) {
	for s, r := range live {
		if p.supersede[r] != nil {
			continue
		}
		for _, e := range earnings {
			if !e.renews || e.program != s.program || e.cycle <= s.cycle {
				continue
			}
			if later := live[e.source]; later != nil && p.supersede[later] == nil {
				p.renewed[r] = later
			}
		}
		for _, e := range p.issue {
			if e.renews && e.program == s.program && e.cycle > s.cycle {
				p.supersede[r] = e
				delete(p.renewed, r)
			}
		}
	}
}

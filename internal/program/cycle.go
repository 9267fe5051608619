package program

import (
	"slices"
	"time"
)

// cycles goes through the cycles up to the one of today.
func (t *Terms) cycles(f *Facts, r Ruling, joined, today time.Time) Standing {
	switch t.Rhythm {
	case Yearly:
		return t.years(f, r, joined, today)
	case Renew:
		return t.renewals(f, r, joined, today)
	}
	s := Standing{Cycle: 1, DueOn: t.due(r, 1, joined)}
	t.fill(&s, f, time.Time{})
	return s
}

// years has one cycle for each calendar year since joining.
func (t *Terms) years(f *Facts, r Ruling, joined, today time.Time) Standing {
	var past []Past
	for year := joined.Year(); ; year++ {
		from, until := date(year, 1, 1), date(year, 12, 31)
		s := Standing{Cycle: year, WindowFrom: &from, DueOn: &until}
		if t.DueOn != nil {
			_, month, dayOf := t.DueOn.Date()
			s.DueOn = day(inMonth(year, month, dayOf))
		}
		// Whoever joins late in the year has their days, but not beyond the year.
		if late := earlier(joined.AddDate(0, 0, t.Newcomer), until); year == joined.Year() && joined.After(t.Published) && s.DueOn.Before(late) {
			s.DueOn = &late
		}
		if extended, ok := r.Extended[year]; ok {
			s.DueOn = &extended
		}
		t.fill(&s, f, from)
		if s.CompletedOn != nil {
			s.ValidUntil = &until
		}
		if year >= today.Year() {
			s.Past = past
			return s
		}
		past = append(past, Past{Cycle: year, DueOn: s.DueOn, CompletedOn: s.CompletedOn, ValidUntil: s.ValidUntil})
	}
}

// renewals has a new cycle whenever the window for renewing opens. A
// completion that had run out before joining does not count.
func (t *Terms) renewals(f *Facts, r Ruling, joined, today time.Time) Standing {
	s := Standing{Cycle: 1, DueOn: t.due(r, 1, joined)}
	from := t.stillValid(joined)
	s.WindowFrom = &from
	t.fill(&s, f, from)
	for s.CompletedOn != nil {
		// Renewed in the window keeps its anniversary; renewed late begins anew.
		base := *s.CompletedOn
		if n := len(s.Past); n > 0 && !s.CompletedOn.After(*s.Past[n-1].ValidUntil) {
			base = s.Past[n-1].ValidUntil.AddDate(0, 0, 1)
		}
		s.ValidUntil = day(afterMonths(base, t.ValidFor).AddDate(0, 0, -1))
		opens := t.opens(*s.CompletedOn, *s.ValidUntil)
		if today.Before(opens) {
			return s
		}
		past := append(slices.Clone(s.Past), Past{Cycle: s.Cycle, DueOn: s.DueOn, CompletedOn: s.CompletedOn, ValidUntil: s.ValidUntil})
		s = Standing{Cycle: s.Cycle + 1, WindowFrom: &opens, DueOn: s.ValidUntil, Past: past}
		if extended, ok := r.Extended[s.Cycle]; ok {
			s.DueOn = &extended
		}
		t.fill(&s, f, opens)
	}
	return s
}

// opens is the first day on which a completion may be renewed: what completed
// one cycle never counts for the next.
func (t *Terms) opens(completed, validUntil time.Time) time.Time {
	return later(validUntil.AddDate(0, 0, 1-t.RenewAhead), completed.AddDate(0, 0, 1))
}

// due is the last day in time of the first cycle, nil when there is no deadline.
func (t *Terms) due(r Ruling, cycle int, joined time.Time) *time.Time {
	if extended, ok := r.Extended[cycle]; ok {
		return &extended
	}
	switch {
	case t.DueDays > 0:
		return day(joined.AddDate(0, 0, t.DueDays))
	case t.DueOn == nil:
		return nil
	}
	if late := joined.AddDate(0, 0, t.Newcomer); joined.After(t.Published) && t.DueOn.Before(late) {
		return &late
	}
	return t.DueOn
}

// nextYear is when a yearly programme begins anew.
func (t *Terms) nextYear(s *Standing) *time.Time {
	if t.Rhythm != Yearly {
		return nil
	}
	return day(date(s.Cycle+1, 1, 1))
}

// stillValid is the first day on which what was completed is still valid on the
// day of joining.
func (t *Terms) stillValid(joined time.Time) time.Time {
	year, month, d := joined.Date()
	from := inMonth(year, month-time.Month(t.ValidFor), d)
	for !afterMonths(from, t.ValidFor).After(joined) {
		from = from.AddDate(0, 0, 1)
	}
	return from
}

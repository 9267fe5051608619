package quiz

import "slices"

// draw chooses the questions of a new attempt: from every lesson one after the
// other, so that none is left out while another is asked about twice. nil
// means all. shuffle is rand.Shuffle.
func (q *Quiz) draw(shuffle func(n int, swap func(i, j int))) []string {
	if q.Draw == nil || *q.Draw >= len(q.Questions) {
		return nil
	}
	bank := slices.Clone(q.Questions)
	shuffle(len(bank), func(i, j int) { bank[i], bank[j] = bank[j], bank[i] })
	round := make(map[string]int, len(bank)) // of the lesson's next question
	turn := make(map[*Question]int, len(bank))
	for _, question := range bank {
		turn[question] = round[question.Lesson]
		round[question.Lesson]++
	}
	slices.SortStableFunc(bank, func(a, b *Question) int { return turn[a] - turn[b] })
	drawn := bank[:*q.Draw]
	slices.SortFunc(drawn, func(a, b *Question) int { return a.Position - b.Position })
	keys := make([]string, len(drawn))
	for i, question := range drawn {
		keys[i] = question.Key
	}
	return keys
}

// Of is the quiz as an attempt asks it: the questions that it drew, numbered from 1.
func (q *Quiz) Of(attempt *Attempt) *Quiz {
	if attempt.Drawn == nil {
		return q
	}
	asked := *q
	asked.Questions = make([]*Question, 0, len(attempt.Drawn))
	for _, question := range q.Questions {
		if slices.Contains(attempt.Drawn, question.Key) {
			numbered := *question
			numbered.Position = len(asked.Questions) + 1
			asked.Questions = append(asked.Questions, &numbered)
		}
	}
	return &asked
}

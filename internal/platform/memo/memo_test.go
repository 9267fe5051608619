package memo_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"hocso/internal/platform/memo"
)

func TestForever(t *testing.T) {
	t.Parallel()
	loads := 0
	load := func(_ context.Context, key string) (int, error) {
		loads++
		if key == "none" {
			return 0, errors.New("not found")
		}
		return len(key), nil
	}
	var kept memo.Forever[string, int]
	for range 3 {
		if got, err := kept.Get(t.Context(), "four", load); got != 4 || err != nil {
			t.Errorf("%d, %v", got, err)
		}
		if _, err := kept.Get(t.Context(), "none", load); err == nil {
			t.Error("an error was forgotten")
		}
	}
	if loads != 4 { // once what is there, each time what is not
		t.Errorf("%d loads, want 4", loads)
	}
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() { kept.Put("five", 5); kept.Get(t.Context(), "five", load) })
	}
	all.Wait()
}

func TestFresh(t *testing.T) {
	t.Parallel()
	loads := 0
	load := func(context.Context) (int, error) { loads++; return loads, nil }
	long, none := memo.Fresh[int]{Life: time.Hour}, memo.Fresh[int]{}
	for range 3 {
		if got, err := long.Get(t.Context(), load); got != 1 || err != nil {
			t.Errorf("%d, %v", got, err)
		}
	}
	before := loads
	none.Get(t.Context(), load)
	none.Get(t.Context(), load)
	if loads != before+2 {
		t.Errorf("what is kept for no time was kept")
	}
	broken := memo.Fresh[int]{Life: time.Hour}
	if _, err := broken.Get(t.Context(), func(context.Context) (int, error) { return 0, errors.New("down") }); err == nil {
		t.Error("an error was kept")
	}
	if got, err := broken.Get(t.Context(), load); err != nil || got == 0 {
		t.Errorf("after an error: %d, %v", got, err)
	}
}

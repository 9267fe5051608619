package bench

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/google/uuid"

	"hocso/internal/audit"
	"hocso/internal/identity"
	"hocso/internal/org"
	"hocso/internal/platform/clock"
	"hocso/internal/platform/queue"
	"hocso/internal/roster"
)

// importing measures how many people a second are taken over from one file, from
// sending it to the last person, and what memory that takes in this process.
func importing(ctx context.Context, r *rig, o Options) (Results, error) {
	unit, err := org.NewStore(r.db).ByCode(ctx, "20001")
	if err != nil {
		return nil, err
	}
	redis, err := queue.Open(r.redis)
	if err != nil {
		return nil, err
	}
	defer redis.Close()
	bell := queue.NewBell(redis, slog.New(slog.DiscardHandler))
	defer bell.Close()
	service := roster.NewService(r.db, bell, clock.System)
	began := time.Now()
	i, err := service.Begin(ctx, audit.By{}, roster.Upload{
		Unit: unit, Kind: roster.Residents, Mode: roster.Add, Name: "do.csv", Raw: madeUpList(roster.MaxRows),
		Manages: []identity.Role{identity.Resident},
	})
	if err != nil {
		return nil, err
	}
	scope := org.Scope{Units: []uuid.UUID{unit.ID}}
	until := func(state roster.State) error {
		for {
			if i, err = roster.NewStore(r.db).Import(ctx, scope, i.ID); err != nil || i.State == state {
				return err
			}
			if i.State == roster.Failed || time.Since(began) > 5*time.Minute {
				return fmt.Errorf("the list is %s (%s)", i.State, i.Failure)
			}
			time.Sleep(50 * time.Millisecond)
		}
	}
	if err := until(roster.Ready); err != nil {
		return nil, err
	}
	if i.Counts.New != roster.MaxRows {
		return nil, fmt.Errorf("of %d people: %+v", roster.MaxRows, i.Counts)
	}
	if err := service.Commit(ctx, audit.By{}, i, -1); err != nil {
		return nil, err
	}
	if err := until(roster.Done); err != nil {
		return nil, err
	}
	rate := float64(roster.MaxRows) / time.Since(began).Seconds()
	peak, err := peakMemory(r.work.Process.Pid)
	return Results{
		atLeast("import of 50,000 people", rate, "rows/s", 2000),
		atMost("peak memory of work, importing", peak, "MB", 300),
	}, err
}

// madeUpList is a file as an office sends it.
func madeUpList(people int) []byte {
	var list strings.Builder
	list.WriteString("DANH SÁCH;;;;\nSTT;Họ và tên;Ngày sinh;Điện thoại;Ghi chú\n")
	families, given := strings.Fields("Nguyễn Trần Lê Phạm Hồ Võ Đặng Bùi Alăng Zơrâm"), strings.Fields("An Bình Cúc Dũng Hạnh Hòa Lan Liên Mai Nam")
	for n := range people {
		fmt.Fprintf(&list, "%d;%s Thị %s %c%c%c;%d/%d/%d;09%08d;\n", n+1, families[n%10], given[n/10%10],
			'A'+n/100%26, 'a'+n/2600%26, 'a'+n/67600%26, 1+n%28, 1+n%12, 1940+n%60, n)
	}
	return []byte(list.String())
}

package web

import (
	"errors"

	"github.com/gofiber/fiber/v2"

	"hocso/internal/platform/heartbeat"
	"hocso/internal/platform/queue"
	"hocso/internal/quiz"
	"hocso/views/ops"
)

func (s *site) opsRoutes() []Route {
	return []Route{
		{fiber.MethodGet, "/ops/queue", operators, s.queuePromise},
		{fiber.MethodPost, "/ops/queue/run-again", operators, s.runAgain},
	}
}

// queuePromise shows what was promised to learners against what was done. It
// works without Redis, and says so.
func (s *site) queuePromise(c *fiber.Ctx) error {
	data := ops.Data{Now: s.Now()}
	store, err := quiz.NewStore(s.DB), error(nil)
	if data.Ledger, err = store.Reconcile(c.UserContext()); err != nil {
		return err
	}
	if data.Waiting, data.Oldest, err = store.Waiting(c.UserContext()); err != nil {
		return err
	}
	if data.Behind, err = s.Pilot.Behind(c.UserContext()); err != nil {
		return err
	}
	if data.Workers, err = heartbeat.All(c.UserContext(), s.DB, data.Now); err != nil {
		return err
	}
	if err := s.readRedis(c, &data); err != nil {
		s.Log.Warn("queue page without Redis", "id", requestID(c), "error", err)
		data.RedisDown = true
	}
	return page(c, ops.Page(data))
}

func (s *site) readRedis(c *fiber.Ctx, data *ops.Data) (err error) {
	if data.Depth, err = s.Redis.Depth(c.UserContext()); err != nil {
		return err
	}
	if data.Retrying, err = s.Redis.Retrying(); err != nil {
		return err
	}
	data.Archived, err = s.Redis.Archived()
	return err
}

// runAgain puts a failed task back.
func (s *site) runAgain(c *fiber.Ctx) error {
	err := s.Redis.RunAgain(c.FormValue("id"))
	if errors.Is(err, queue.ErrNoTask) {
		return s.leadTo(c, "/ops/queue", "notice.task_gone")
	}
	if err != nil {
		return err
	}
	return s.leadTo(c, "/ops/queue", "notice.run_again")
}

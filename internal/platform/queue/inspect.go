package queue

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/hibiken/asynq"
)

// Depth is what Redis holds of the bells.
type Depth struct {
	Pending, Active, Scheduled, Retry, Archived int
}

// Task is one task that failed.
type Task struct {
	ID       string
	Kind     Kind
	Error    string
	Retried  int
	FailedAt time.Time
}

// Depth counts the tasks by state. After a flush, before the first bell, Redis
// knows no queue: that is a depth of zero.
func (r *Redis) Depth(ctx context.Context) (Depth, error) {
	if err := r.Ping(ctx); err != nil {
		return Depth{}, err
	}
	queues, err := r.inspector.Queues()
	if err != nil {
		return Depth{}, fmt.Errorf("queue depth: %w", err)
	}
	if !slices.Contains(queues, name) {
		return Depth{}, nil
	}
	info, err := r.inspector.GetQueueInfo(name)
	if err != nil {
		return Depth{}, fmt.Errorf("queue depth: %w", err)
	}
	return Depth{Pending: info.Pending, Active: info.Active, Scheduled: info.Scheduled, Retry: info.Retry, Archived: info.Archived}, nil
}

// listMost is how many failed tasks a list shows.
const listMost = 50

// Retrying lists tasks that failed and will be tried again, at most 50.
func (r *Redis) Retrying() ([]Task, error) {
	return failed(r.inspector.ListRetryTasks(name, asynq.PageSize(listMost)))
}

// Archived lists tasks that failed too often, at most 50.
func (r *Redis) Archived() ([]Task, error) {
	return failed(r.inspector.ListArchivedTasks(name, asynq.PageSize(listMost)))
}

// ErrNoTask says that a task is not there (any more).
var ErrNoTask = errors.New("no such task")

// RunAgain puts a retrying or archived task back to be run now.
func (r *Redis) RunAgain(id string) error {
	err := r.inspector.RunTask(name, id)
	if errors.Is(err, asynq.ErrTaskNotFound) || errors.Is(err, asynq.ErrQueueNotFound) {
		return ErrNoTask
	}
	return err
}

func failed(infos []*asynq.TaskInfo, err error) ([]Task, error) {
	if errors.Is(err, asynq.ErrQueueNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	tasks := make([]Task, len(infos))
	for i, info := range infos {
		tasks[i] = Task{ID: info.ID, Kind: Kind(info.Type), Error: info.LastErr, Retried: info.Retried, FailedAt: info.LastFailedAt}
	}
	return tasks, nil
}

package bench

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/valyala/fasthttp"
)

// load is what a crowd of clients met.
type load struct {
	took  time.Duration   // from the first request to the last answer
	each  []time.Duration // of every request
	wrong error           // the first answer that was not as expected
}

func (l load) perSecond() float64 { return float64(len(l.each)) / l.took.Seconds() }

// crowd lets n clients send requests until prepare says that there are no more
// (false). Every answer must have the status.
func crowd(addr string, n, status int, prepare func(i int, request *fasthttp.Request) bool) load {
	client := &fasthttp.HostClient{Addr: addr, MaxConns: n, ReadTimeout: 30 * time.Second, DisablePathNormalizing: true}
	defer client.CloseIdleConnections()
	var next atomic.Int64
	var all sync.WaitGroup
	var mu sync.Mutex
	var result load
	began := time.Now()
	for range n {
		all.Go(func() {
			request, response := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
			var mine []time.Duration
			var wrong error
			for wrong == nil {
				request.Reset()
				request.Header.SetHost(addr)
				if !prepare(int(next.Add(1)), request) {
					break
				}
				sent := time.Now()
				if err := client.Do(request, response); err != nil {
					wrong = err
				} else if response.StatusCode() != status {
					wrong = fmt.Errorf("%s: status %d, want %d", request.URI().Path(), response.StatusCode(), status)
				}
				mine = append(mine, time.Since(sent))
			}
			mu.Lock()
			defer mu.Unlock()
			result.each = append(result.each, mine...)
			if result.wrong == nil {
				result.wrong = wrong
			}
		})
	}
	all.Wait()
	result.took = time.Since(began)
	return result
}

// reading asks for one page for a while, as somebody or (n = 0) as nobody.
func reading(addr string, clients int, span time.Duration, path string, n int) load {
	until := time.Now().Add(span)
	return crowd(addr, clients, fasthttp.StatusOK, func(_ int, request *fasthttp.Request) bool {
		request.SetRequestURI(path)
		request.Header.Set("Accept-Encoding", "br, gzip")
		if n > 0 {
			request.Header.SetCookie("hocso_session", token(n))
		}
		return time.Now().Before(until)
	})
}

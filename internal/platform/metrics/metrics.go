// Package metrics holds the figures for operators, in Prometheus's form. No
// label ever names a person.
package metrics

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics is one process's registry.
type Metrics struct {
	registry *prometheus.Registry
	requests *prometheus.HistogramVec
	grading  prometheus.Histogram
}

// New makes a registry with the process's own figures.
func New() *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "hocso_request_seconds", Help: "Time to answer a request, by route pattern, method and status.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10},
		}, []string{"route", "method", "status"}),
		grading: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "hocso_submit_to_graded_seconds", Help: "Time from a learner's receipt to the grade.",
			Buckets: []float64{.01, .025, .05, .1, .25, .5, 1, 2, 5, 10, 30, 60, 300},
		}),
	}
	m.registry.MustRegister(m.requests, m.grading,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Request notes an answered request; route is the pattern, not the path.
func (m *Metrics) Request(route, method string, status int, took time.Duration) {
	m.requests.WithLabelValues(route, method, strconv.Itoa(status)).Observe(took.Seconds())
}

// Graded notes how long a learner waited for a grade.
func (m *Metrics) Graded(waited time.Duration) { m.grading.Observe(waited.Seconds()) }

// Gauge is a figure that is read when somebody asks for it.
type Gauge struct {
	Name, Help string
	Value      float64
}

// Ask registers a source of gauges that is asked at every scrape, for at most
// two seconds. What it cannot tell it leaves out.
func (m *Metrics) Ask(source func(ctx context.Context) []Gauge) {
	m.registry.MustRegister(asked(source))
}

// Handler serves the figures.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

type asked func(ctx context.Context) []Gauge

// Describe sends nothing: the gauges are known only when asked.
func (asked) Describe(chan<- *prometheus.Desc) {}

// Collect asks.
func (a asked) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	for _, gauge := range a(ctx) {
		out <- prometheus.MustNewConstMetric(
			prometheus.NewDesc(gauge.Name, gauge.Help, nil, nil), prometheus.GaugeValue, gauge.Value)
	}
}

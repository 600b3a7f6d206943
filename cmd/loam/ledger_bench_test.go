package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"loam"
)

// BenchmarkReceipt makes choices over HTTP at 20 a second, each without waiting for the one
// before, and reports how long it took from the request until the receipt was in hand; a page asks
// for it every 25 ms. The stages are: the act's answer, the leaf in the log, the checkpoint. Beside
// them stand what the machine itself makes everybody wait: a pause that should last 5 ms, and one
// synced write of 4 KB.
func BenchmarkReceipt(b *testing.B) {
	const acts, rate = 400, 20
	h := newHouse(b, withProducer)
	ann := h.person("ann", loam.Creator)
	work := ann.publish("湖边的两支防晒", nil).Version.Work
	uses := loam.Uses()
	for b.Loop() {
		took := make([][3]time.Duration, acts)
		var all sync.WaitGroup
		beside, stop := context.WithCancel(b.Context())
		var machine sync.WaitGroup
		var pauses, writes []time.Duration
		machine.Go(func() { pauses = sampled(beside, func() { pause(beside, 5*time.Millisecond) }) })
		file, err := os.Create(filepath.Join(b.TempDir(), "beside"))
		if err != nil {
			b.Fatal(err)
		}
		machine.Go(func() {
			writes = sampled(beside, func() {
				if _, err := file.WriteAt(make([]byte, 4096), 0); err != nil || file.Sync() != nil {
					b.Error("the write beside")
				}
			})
		})
		tick := time.NewTicker(time.Second / rate)
		for i := range acts {
			<-tick.C
			all.Go(func() {
				begun := time.Now()
				var leaves []string
				ann.must("PUT", "/api/rights", map[string]any{"works": []string{work}, "uses": []loam.Use{uses[i%len(uses)]}, "allowed": i%2 == 0}, &leaves)
				took[i][0] = time.Since(begun)
				for {
					a := ann.do("GET", "/api/rights/receipts/"+leaves[0], nil)
					if a.status == http.StatusOK {
						break
					}
					if took[i][1] == 0 {
						if place, err := h.db.LeafPlace(b.Context(), ann.account.ID, leaves[0]); err == nil && place >= 0 {
							took[i][1] = time.Since(begun)
						}
					}
					pause(b.Context(), 25*time.Millisecond)
				}
				took[i][2] = time.Since(begun)
				if took[i][1] == 0 {
					took[i][1] = took[i][2]
				}
			})
		}
		tick.Stop()
		all.Wait()
		stop()
		machine.Wait()
		_ = file.Close() // it is removed with its folder
		report(b, "machine-pause", pauses)
		report(b, "machine-write", writes)
		for stage, name := range []string{"answer", "logged", "receipt"} {
			list := make([]time.Duration, acts)
			for i := range took {
				list[i] = took[i][stage]
			}
			report(b, name, list)
		}
	}
}

// sampled times something ten times a second until the context ends.
func sampled(ctx context.Context, what func()) (took []time.Duration) {
	for ctx.Err() == nil {
		begun := time.Now()
		what()
		took = append(took, time.Since(begun))
		pause(ctx, 100*time.Millisecond)
	}
	return took
}

func report(b *testing.B, name string, took []time.Duration) {
	b.Helper()
	slices.Sort(took)
	for _, p := range []int{50, 99} {
		b.ReportMetric(float64(took[len(took)*p/100].Microseconds())/1000, fmt.Sprintf("ms/%s-p%d", name, p))
	}
}

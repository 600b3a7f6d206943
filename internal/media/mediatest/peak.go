// Package mediatest is what tests of files share: a measure of what a reader takes of memory, and
// sounds. It is imported by tests only.
package mediatest

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync/atomic"
)

// Beside is what a reader may take beside four times its input: what it holds of a small file, which
// has bounds of its own (an XMP packet, a label, front matter).
const Beside = 4 << 20

// Peak is the most memory in use while something reads so many bytes, in bytes, beside what was in use
// before: what each collection finds to be reachable, and collections follow each other closely. It
// counts what the whole process takes, so that nothing may run in parallel.
//
// A collection also counts what is allocated while it runs, which on a busy machine is long: what is
// above the bound is measured up to twice more, and the least counts. What is really held is held
// each time.
func Peak(size int, do func()) int64 {
	least := once(do)
	for range 2 {
		if least > 4*int64(size)+Beside {
			least = min(least, once(do))
		}
	}
	return least
}

func once(do func()) int64 {
	defer debug.SetGCPercent(debug.SetGCPercent(5))
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	now := func() int64 {
		metrics.Read(live)
		return int64(live[0].Value.Uint64())
	}
	runtime.GC()
	before := now()
	var most atomic.Int64
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			most.Store(max(most.Load(), now()))
			select {
			case <-done:
				return
			default:
				runtime.Gosched()
			}
		}
	}()
	do()
	close(done)
	<-ended
	return most.Load() - before
}

package main

import (
	"testing"

	"loam"
	"loam/internal/web"
)

// TestDenialFollowsCopies: a reviewer lets a copy out, and its owner allows training; as long as
// whoever wrote it first does not, nothing may learn from the copy.
func TestDenialFollowsCopies(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	ann, bo, rita := h.person("ann"), h.person("bo"), h.person("rita", loam.Reviewer)
	const idea = "周末去湖边的旧书店，二楼靠窗的位置能看见整片湖，老板养了两只橘猫，买书送手写书签，咖啡二十八一杯，下午三点后人就少了，回来坐的末班车"
	first := ann.publish(idea, nil)
	v := bo.submit(bo.begin(idea), nil)
	bo.until(v.ID, "held", func(v web.VersionView) bool { return v.State == loam.Held })
	c := rita.take(0)
	rita.must("POST", "/api/review/cases/"+c.ID+"/decision", ruling(c, loam.RuleAllow, "ok"), nil)
	v = bo.confirm(v)
	allow := func(who *client, work string, allowed bool) {
		t.Helper()
		who.must("PUT", "/api/rights", map[string]any{"works": []string{work}, "uses": []string{"train.text"}, "allowed": allowed}, nil)
	}
	allow(bo, v.Work, true)
	if p := bo.permission(v.Work, loam.UseTrainText); p.Allowed || p.Reason != "copy" || !p.Chosen {
		t.Errorf("her copy: %+v", p)
	}
	allow(ann, first.Work, true)
	if p := bo.permission(v.Work, loam.UseTrainText); !p.Allowed {
		t.Errorf("allowed by both: %+v", p)
	}
	allow(ann, first.Work, false)
	may, err := h.db.May(t.Context(), v.Work, loam.UseTrainText)
	if err != nil || may {
		t.Errorf("taken back: may %v, %v", may, err)
	}
	if p := ann.permission(first.Work, loam.UseIndex); !p.Allowed {
		t.Errorf("the first is hidden: %+v", p)
	}
	if p := bo.permission(v.Work, loam.UseIndex); !p.Allowed {
		t.Errorf("the copy is hidden: %+v", p)
	}
}

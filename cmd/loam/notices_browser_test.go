package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"loam"
	"loam/internal/audit"
	"loam/internal/verify"
	"loam/internal/web"
)

// TestBrowserNotice: a takedown from the form to the removal, the counter-notice, the restoration;
// then the copied ledger says so to whoever has its key.
func TestBrowserNotice(t *testing.T) {
	t.Parallel()
	h := newHouse(t, withProducer)
	ann := h.person("ann", loam.Creator)
	h.person("rita", loam.Reviewer)
	h.person("remy", loam.Reviewer)
	v := ann.publish("湖边的两支防晒，都用了一个夏天", nil)

	claimant := openPage(t, h.url, 360, 800)
	claimant.open("/p/" + v.Work)
	claimant.click("#report summary")
	claimant.click(`#report a[href^="/notice"]`)
	claimant.wait("the form with the work's address", `document.querySelector("[name=works]")?.value.endsWith("/p/`+v.Work+`")`)
	claimant.click(`[name=right][value=copyright]`)
	claimant.write(`[name=text]`, "第二张图是我 2024 年拍的，原片在我这里。")
	claimant.write(`[name=links]`, "https://example.com/original")
	claimant.click(`[name=standing][value=owner]`)
	claimant.write(`[name=name]`, "周宁")
	claimant.write(`[name=contact]`, "zhou@example.com")
	claimant.click(`[name=truthful]`)
	claimant.click(`#notice button`)
	claimant.wait("the receipt", `location.pathname.length === "/notice/".length + 32`)
	claimant.sees("等待处理")
	if over := eval[float64](claimant, `document.documentElement.scrollWidth - innerWidth`); over > 0 {
		t.Errorf("at 360 the page is %v wider than the window", over)
	}

	uploader := openPage(t, h.url, 1440, 900)
	uploader.signIn("ann")
	uploader.click(`.top nav .told`)
	uploader.sees("周宁（权利人本人）认为侵犯了著作权")
	uploader.sees("作品照常可见")

	rita := openPage(t, h.url, 1440, 1000)
	rita.signIn("rita")
	rita.open("/app/review")
	rita.sees("zhou@example.com")
	rita.wait("the case", `document.querySelector(".rulings")`)
	rita.press("a") // no reason yet
	rita.sees("请先选理由")
	rita.press("1")
	rita.press("r")
	rita.wait("the statement", `document.querySelector("#undo")`)
	rita.sees("审核认定侵权")
	uploader.sees("认定侵权，已下架")
	claimant.open(eval[string](claimant, `location.pathname`))
	claimant.sees("认定侵权，已下架")
	if a := h.visitor().do("GET", "/p/"+v.Work, nil); a.status != 410 {
		t.Errorf("readers get %d", a.status)
	}

	uploader.click(`.claim summary`)
	uploader.write(`.claim .challenge textarea`, "这张是我自己拍的，底片和当天的行程都在这里。")
	uploader.click(`.claim .challenge .ant-btn`)
	uploader.sees("前对方没有投诉或起诉，作品就会恢复")
	claimant.open(eval[string](claimant, `location.pathname`))
	claimant.sees("底片和当天的行程")
	claimant.sees("到时恢复")

	remy := openPage(t, h.url, 1440, 1000)
	remy.signIn("remy")
	remy.open("/app/review")
	remy.sees("底片和当天的行程")
	remy.click(`.reasons .chip:nth-child(5)`) // 有授权
	remy.press("a")
	remy.sees("审核没有认定侵权")
	uploader.sees("已恢复")
	claimant.open(eval[string](claimant, `location.pathname`))
	claimant.sees("已恢复")
	h.visitor().must("GET", "/p/"+v.Work, nil, nil)
	for _, p := range []*page{claimant, uploader, rita, remy} {
		p.quiet()
	}
	h.noticesLogged(ann, v.Work)
}

// noticesLogged copies the ledger and reads it with the command as a stranger does: one notice,
// its disputes and rulings, nothing of it upheld.
func (h *house) noticesLogged(ann *client, work string) {
	h.t.Helper()
	var acts []loam.RightsAct
	for range 100 {
		ann.must("GET", "/api/rights/acts", nil, &acts)
		if !slices.ContainsFunc(acts, func(a loam.RightsAct) bool { return a.Place < 0 }) {
			break
		}
		pause(h.t.Context(), 50*time.Millisecond)
	}
	ann.receipt(acts[0].ID) // once the checkpoint covers it
	copied := h.t.TempDir()
	if err := os.CopyFS(copied, os.DirFS(h.node.ledgerDir())); err != nil {
		h.t.Fatal(err)
	}
	var out, problems bytes.Buffer
	if status := audit.Verify("loam-verify", []string{"--key", h.node.signer.key, "--json", copied}, &out, &problems); status != 0 {
		h.t.Fatalf("exit %d: %s%s", status, out.String(), problems.String())
	}
	var r verify.Report
	if err := json.Unmarshal(out.Bytes(), &r); err != nil {
		h.t.Fatal(err)
	}
	if r.Leaves["dispute"] != 2 || r.Leaves["ruling"] != 4 || r.Outcomes["applied"] != r.Size {
		h.t.Errorf("the log has %+v, %+v", r.Leaves, r.Outcomes)
	}
	if n := r.Notices; n.Notices != 1 || n.Claims != 1 || n.Decided != 1 || n.Upheld != 0 || n.Acted != 1 {
		h.t.Errorf("a stranger counts %+v", n)
	}
	var page web.Transparency
	h.visitor().must("GET", "/api/transparency", nil, &page)
	figures := map[string]float64{}
	for _, f := range page.Figures {
		if f.Proof != "" {
			figures[f.Code] = f.Value
		}
	}
	if diff := cmp.Diff(map[string]float64{"notices": 1, "notices.minutes": 0, "notices.upheld": 0}, figures); diff != "" {
		h.t.Error(diff)
	}
	files := os.DirFS(copied)
	err := fs.WalkDir(files, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(files, path)
		for _, part := range []string{"周宁", "zhou", work} {
			if bytes.Contains(data, []byte(part)) {
				h.t.Errorf("%s says %s", path, part)
			}
		}
		return err
	})
	if err != nil {
		h.t.Error(err)
	}
}

// TestBrowserNoticesMore: notices beyond the first page come when they are asked for; those that wait
// for her word stand before all others, however old.
func TestBrowserNoticesMore(t *testing.T) {
	t.Parallel()
	h := newHouse(t, withProducer)
	ann := h.person("ann", loam.Creator)
	var works []string
	for i := range 18 {
		works = append(works, "/p/"+ann.publish(fmt.Sprintf("第%d天：%c的早餐%d元", i, '一'+rune(i*97), i), nil).Version.Work)
	}
	for i := range 3 {
		form := noticeOn(works...)
		form["contact"] = fmt.Sprintf("zhou%d@example.com", i)
		var n web.NoticeView
		h.visitor().must("POST", "/api/notices", form, &n)
		for _, k := range n.Claims {
			if i > 0 {
				ann.must("POST", "/api/claims/"+k.ID+"/counter", map[string]any{"text": "这张是我自己拍的，底片在我这里。", "links": []string{}}, nil)
			}
		}
	}
	p := openPage(t, h.url, 1440, 900)
	p.signIn("ann")
	p.open("/app/notices")
	p.wait("a page of notices", `document.querySelectorAll(".claim").length === 50 && document.querySelectorAll(".claim summary").length === 18`)
	if !eval[bool](p, `[...document.querySelectorAll(".claim")].slice(0, 18).every(c => c.querySelector("summary"))`) {
		t.Error("what waits for her is not before the rest")
	}
	p.click("#more-claims")
	p.wait("all of them", `document.querySelectorAll(".claim").length === 54 && !document.querySelector("#more-claims")`)
	p.quiet()
}

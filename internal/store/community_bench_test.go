package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"loam"
	"loam/internal/text"
)

// crowd is how many notes the reading benchmarks have, by how many people.
const (
	crowd  = 20_000
	people = 400
)

// The words of the made-up notes, commonest first: how often one is drawn falls as in any
// language, so that some words stand in nearly every note.
var benchWords = strings.Fields(`周末 好喝 咖啡 朋友 地铁 排队 人均 推荐 早上 下午 晚上 便宜 安静 停车 窗边 西湖 公园 面包 蛋糕 奶茶 火锅 烧烤 早餐 夜市
	博物馆 图书馆 书店 花店 菜市场 超市 杭州 上海 成都 苏州 南京 厦门 重庆 北京 广州 西安 昆明 青岛 阳台 薄荷 月季 绿萝 多肉 浇水 施肥 换盆
	红薯 土豆 番茄 鸡蛋 牛肉 排骨 豆腐 米饭 面条 馄饨 饺子 包子 拿铁 美式 手冲 耳机 键盘 显示器 相机 镜头 三脚架 背包 雨伞 毛衣 衬衫 裙子 围巾
	跑步 游泳 瑜伽 骑车 爬山 露营 帐篷 睡袋 炉子 地图 高铁 机票 酒店 民宿 行李 签证 护照 手账 钢笔 墨水 本子 贴纸 水彩 油画 素描 陶艺 木工 编织
	钢琴 吉他 唱歌 电影 话剧 展览 演出 门票 预约 会员 优惠 退货 快递 客服 尺码 面料 颜色 米白 墨绿 藏青 焦糖 燕麦 防晒 面霜 洗面奶 口红 香水
	猫咪 狗狗 兔子 仓鼠 疫苗 猫粮 狗粮 玩具 孩子 作业 幼儿园 小学 考试 单词 数学 英语 编程 面试 简历 加班 工资 房租 合租 装修 沙发 台灯 窗帘 地毯`)

type benchDice struct{ *rand.Rand }

// word draws a word: the n-th about 1/n as often as the first.
func (r benchDice) word() string {
	return benchWords[min(len(benchWords)-1, int(math.Pow(float64(len(benchWords)+1), r.Float64())-1))]
}

func (r benchDice) sentence(n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 && i%4 == 0 {
			b.WriteString("，")
		}
		b.WriteString(r.word())
		if i%3 == 1 {
			b.WriteString("的")
		}
	}
	return b.String()
}

// fillCrowd writes the notes as their release would have left them.
func fillCrowd(b *testing.B, db *DB) {
	b.Helper()
	db.SetEnqueue(func(context.Context, *sql.Tx, Job) error { return nil })
	r := benchDice{rand.New(rand.NewPCG(5, 6))}
	ctx, owners := b.Context(), make([]string, people)
	for i := range owners {
		a, err := db.CreateAccount(ctx, loam.Account{Handle: fmt.Sprint("p", i), Name: fmt.Sprint("人", i), Roles: []loam.Role{loam.Creator}}, "")
		if err != nil {
			b.Fatal(err)
		}
		owners[i] = a.ID
	}
	for done := 0; done < crowd; {
		err := db.write(ctx, func(t *tx) error {
			for range 500 {
				t.now += 1000
				if err := t.benchNote(ctx, r, owners[r.IntN(people)], done); err != nil {
					return err
				}
				done++
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	analyze := `ANALYZE`
	if _, err := db.w.ExecContext(ctx, analyze); err != nil {
		b.Fatal(err)
	}
}

func (t *tx) benchNote(ctx context.Context, r benchDice, owner string, n int) error {
	ai := loam.NotAI
	if r.IntN(3) == 0 {
		ai = loam.MayAI
	}
	c := loam.Content{
		Work: t.id(), Number: 1, Kind: loam.KindDaily, Title: r.sentence(4), Body: r.sentence(80), Tags: []string{r.word(), r.word(), r.word()},
		TextAI: ai, Audience: loam.Public, Uses: map[loam.Use]bool{},
	}
	for i := range 6 {
		c.Pages = append(c.Pages, loam.Page{Kind: loam.PageText, Lines: []string{r.sentence(10)}})
		c.Assets = append(c.Assets, loam.AssetRef{Field: loam.PictureField(i + 1), Hash: strings.Repeat("a", 64), Type: "image/png", Width: 1080, Height: 1440, Alt: r.sentence(6), AI: loam.NotAI})
	}
	doc, err := json.Marshal(c)
	if err != nil {
		return err
	}
	v := loam.Version{ID: t.id(), Work: c.Work, Owner: owner, Content: c}
	for _, q := range []struct {
		query string
		args  []any
	}{
		{`INSERT INTO works (id, owner, key, created, updated) VALUES (?, ?, ?, ?, ?)`, []any{v.Work, owner, fmt.Sprint(n), t.now, t.now}},
		{`INSERT INTO versions (id, work, owner, number, revision, hash, content, ai, state, labelled, release_hash, confirmed_by, confirmed_at, submitted_at, updated_at)
			VALUES (?, ?, ?, 1, 1, '', ?, ?, 'released', 1, 'h', ?, ?, ?, ?)`, []any{v.ID, v.Work, owner, string(doc), string(ai), owner, t.now, t.now, t.now}},
		{`INSERT INTO releases (version, work, owner, release_hash, verdict, decision, confirmed_by, confirmed_at, audience, reach, released_at, made)
			VALUES (?, ?, ?, 'h', 'v', '', ?, ?, 'public', 'allow', ?, ?)`, []any{v.ID, v.Work, owner, owner, t.now, t.now, madeByModel(c)}},
		{`INSERT INTO uses (work, name, allowed, at) VALUES (?, 'index', 1, 0), (?, 'recommend', 1, 0)`, []any{v.Work, v.Work}},
	} {
		if _, err := t.exec(ctx, q.query, q.args...); err != nil {
			return err
		}
	}
	return t.index(ctx, v)
}

// BenchmarkCrowd reads the lists of a community of 20,000 notes, on SQLite, or on the server
// LOAM_TEST_POSTGRES names. Each line is one kind of read, by one reader; a search is what
// people type, common words and rare ones, one word to four, in Chinese and by reading.
func BenchmarkCrowd(b *testing.B) {
	c := Config{Dir: b.TempDir(), Clock: time.Now}
	if server := os.Getenv("LOAM_TEST_POSTGRES"); server != "" {
		c = Config{URL: server, Clock: time.Now}
	}
	db, err := Open(b.Context(), c)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	begun := time.Now()
	fillCrowd(b, db)
	b.Logf("filled in %v", time.Since(begun).Round(time.Second))
	r := benchDice{rand.New(rand.NewPCG(7, 8))}
	var first []loam.Release
	if first, err = db.Feed(b.Context(), false, loam.Place{}, 25); err != nil || len(first) != 25 {
		b.Fatal(len(first), err)
	}
	query := func() string {
		words := []string{r.word()}
		for range r.IntN(4) {
			words = append(words, benchWords[r.IntN(len(benchWords))])
		}
		if r.IntN(4) == 0 {
			full, initials := text.Pinyin(words[0])
			words[0] = append(full, initials...)[r.IntN(len(full)+len(initials))]
		}
		return strings.Join(words, " ")
	}
	for _, read := range []struct {
		name string
		do   func(ctx context.Context) error
	}{
		{"feed/first", func(ctx context.Context) error { return db.benchFeed(ctx, loam.Place{}) }},
		{"feed/deep", func(ctx context.Context) error {
			return db.benchFeed(ctx, loam.Place{At: first[0].ReleasedAt - r.Int64N(crowd*1000)})
		}},
		{"search", func(ctx context.Context) error {
			_, err := db.Search(ctx, text.Query(query()), 0, 25)
			return err
		}},
		{"search/commonest", func(ctx context.Context) error {
			list, err := db.Search(ctx, text.Query("周末 好喝 咖啡 朋友"), 0, 25)
			if err == nil && len(list) == 0 {
				err = fmt.Errorf("nobody has the commonest words")
			}
			return err
		}},
		{"search/reading", func(ctx context.Context) error {
			list, err := db.Search(ctx, text.Query("kafei gongy"), 0, 25)
			if err == nil && len(list) == 0 {
				err = fmt.Errorf("nobody has 咖啡 and 公园")
			}
			return err
		}},
		{"topic", func(ctx context.Context) error {
			_, err := db.ByTopic(ctx, r.word(), loam.Place{}, 25)
			return err
		}},
		{"topic/commonest", func(ctx context.Context) error {
			_, err := db.ByTopic(ctx, "周末", loam.Place{}, 25)
			return err
		}},
		{"creator", func(ctx context.Context) error {
			_, err := db.ByCreator(ctx, first[r.IntN(25)].Version.Owner, false, loam.Place{}, 25)
			return err
		}},
		{"related", func(ctx context.Context) error {
			_, err := db.Related(ctx, first[r.IntN(25)].Version.Work, 6)
			return err
		}},
	} {
		b.Run(read.name, func(b *testing.B) {
			var took []time.Duration
			for b.Loop() {
				start := time.Now()
				if err := read.do(b.Context()); err != nil {
					b.Fatal(err)
				}
				took = append(took, time.Since(start))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
		})
	}
}

// benchFeed reads what one page of the feed is made of: both lists.
func (db *DB) benchFeed(ctx context.Context, at loam.Place) error {
	human, err := db.Feed(ctx, false, at, 25)
	if err != nil {
		return err
	}
	made, err := db.Feed(ctx, true, at, 25)
	if err == nil && len(human)+len(made) == 0 && at.At == 0 {
		err = fmt.Errorf("an empty feed")
	}
	return err
}

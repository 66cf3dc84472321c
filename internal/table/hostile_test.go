package table_test

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"

	"github.com/getij/getij/internal/table"
)

// claimed rewrites what a Parquet file says of itself, behind its numbers.
func claimed(t *testing.T, content []byte, change func(*format.FileMetaData)) []byte {
	t.Helper()
	n := int(binary.LittleEndian.Uint32(content[len(content)-8:]))
	from := len(content) - 8 - n
	var m format.FileMetaData
	if err := thrift.Unmarshal(new(thrift.CompactProtocol), content[from:len(content)-8], &m); err != nil {
		t.Fatal(err)
	}
	change(&m)
	footer, err := thrift.Marshal(new(thrift.CompactProtocol), m)
	if err != nil {
		t.Fatal(err)
	}
	out := append(bytes.Clone(content[:from]), footer...)
	return append(binary.LittleEndian.AppendUint32(out, uint32(len(footer))), "PAR1"...)
}

var one = &table.Table{Name: "one", Columns: []table.Column{{Name: "text", Type: table.Text}, {Name: "kw", Storage: table.Double}}}

// A Parquet file of a few kilobytes may claim or unpack to anything. It is refused
// with a message that names it, and takes little memory.
func TestHostileParquetIsRefusedWithinBounds(t *testing.T) {
	good := written(t, func(b *bytes.Buffer) error {
		return one.WriteParquet(b, table.Once(table.Rows{{Text: []string{"a", "b", "c"}}, {Real: []float64{1, 2, 3}}}))
	})
	// One long text in the dictionary of a column, packed, that 400 rows point to.
	long, text := make([]string, 400), strings.Repeat("a", 1<<23)
	for i := range long {
		long[i] = text
	}
	bomb := written(t, func(b *bytes.Buffer) error {
		return one.WriteParquet(b, table.Once(table.Rows{{Text: long}, {Real: make([]float64, len(long))}}))
	})
	for name, content := range map[string][]byte{
		"1e9 rows of a group": claimed(t, good, func(m *format.FileMetaData) {
			m.NumRows, m.RowGroups[0].NumRows = 1e9, 1e9
			for k := range m.RowGroups[0].Columns {
				m.RowGroups[0].Columns[k].MetaData.NumValues = 1e9
			}
		}),
		"rows less than none": claimed(t, good, func(m *format.FileMetaData) { m.NumRows, m.RowGroups[0].NumRows = -1, -1 }),
		"a page beyond the end": claimed(t, good, func(m *format.FileMetaData) {
			m.RowGroups[0].Columns[0].MetaData.DataPageOffset, m.RowGroups[0].Columns[0].MetaData.DictionaryPageOffset = 1<<40, 1<<40
		}),
		"a page before the start": claimed(t, good, func(m *format.FileMetaData) {
			m.RowGroups[0].Columns[0].MetaData.DataPageOffset, m.RowGroups[0].Columns[0].MetaData.DictionaryPageOffset = -5, -5
		}),
		"no columns in a group": claimed(t, good, func(m *format.FileMetaData) { m.RowGroups[0].Columns = nil }),
		"another codec":         claimed(t, good, func(m *format.FileMetaData) { m.RowGroups[0].Columns[0].MetaData.Codec = 99 }),
		"cut in the middle":     good[:len(good)/2],
		"a footer of 4 GB":      append(bytes.Clone(good[:len(good)-8]), "\xff\xff\xff\xffPAR1"...),
		"nothing":               nil,
		"a bomb":                bomb,
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "one.parquet")
			if err := os.WriteFile(path, content, 0o600); err != nil {
				t.Fatal(err)
			}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			rows, err := one.ReadParquet(path)
			runtime.ReadMemStats(&after)
			if err == nil || !strings.HasPrefix(err.Error(), path) {
				t.Errorf("%d rows, error %v", len(rows), err)
			}
			if took := (after.TotalAlloc - before.TotalAlloc) >> 20; took > 300 {
				t.Errorf("%d bytes took %d MB of memory", len(content), took)
			}
		})
	}
}

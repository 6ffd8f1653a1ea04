// Drives one of Go's SDKs through a run: `driver RUN.json`. Every line that it prints is JSON: what it is first, then the
// outcome of each step.
package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"reflect"
)

const patienceMs = 60_000

type run struct {
	Version     string `json:"version"`
	Family      string `json:"family"`
	Signature   string `json:"signature"`
	AccessKeyId string `json:"accessKeyId"`
	ForeignName string `json:"foreignName"`
	Steps       []step `json:"steps"`
}

type step struct {
	Name            string           `json:"name"`
	Action          string           `json:"action"`
	Version         string           `json:"version"`
	IsAdvance       bool             `json:"isAdvance"`
	Endpoint        string           `json:"endpoint"`
	Protocol        string           `json:"protocol"`
	AccessKeySecret string           `json:"accessKeySecret"`
	Requests        []map[string]any `json:"requests"`
}

type refusal struct {
	Code    string `json:"code"`
	Status  int    `json:"status,omitempty"`
	Message string `json:"message"`
}

type outcome struct {
	Name   string   `json:"name"`
	Body   any      `json:"body,omitempty"`
	Error  *refusal `json:"error,omitempty"`
	Absent string   `json:"absent,omitempty"`
}

// What an SDK has no name for.
type absentError struct{ what string }

func (absent absentError) Error() string { return "no " + absent.what }

func main() {
	text, err := os.ReadFile(os.Args[1])
	if err != nil {
		panic(err)
	}
	var run run
	if err := json.Unmarshal(text, &run); err != nil {
		panic(err)
	}
	say(map[string]any{"areNamesRefused": areNamesRefused(run.ForeignName), "version": run.Version})
	for _, step := range run.Steps {
		say(outcomeOf(run, step))
	}
}

func init() {
	// Names resolve from the machine's hosts file alone; the SDKs' transports ask this resolver.
	net.DefaultResolver = &net.Resolver{
		PreferGo: true,
		Dial: func(context.Context, string, string) (net.Conn, error) {
			return nil, errors.New("no name server is asked")
		},
	}
}

// Whether the vendor's names are out of reach, asked as a socket asks.
func areNamesRefused(name string) bool {
	connection, err := net.Dial("tcp", net.JoinHostPort(name, "443"))
	if err == nil {
		connection.Close()
	}
	var refused *net.DNSError
	return errors.As(err, &refused)
}

func outcomeOf(run run, step step) (told outcome) {
	told.Name = step.Name
	// A panic inside an SDK is what its customer sees.
	defer func() {
		if cause := recover(); cause != nil {
			told.Error = &refusal{Code: "panic", Message: fmt.Sprint(cause)}
		}
	}()
	for _, request := range step.Requests {
		body, err := call(run, step, request)
		var absent absentError
		if errors.As(err, &absent) {
			told.Absent = absent.Error()
			return told
		}
		if err != nil {
			told.Body, told.Error = nil, readError(err)
			return told
		}
		told.Body = body
	}
	return told
}

// The cores' errors have the same fields, behind pointers, in different packages.
func readError(err error) *refusal {
	told := &refusal{Code: fmt.Sprintf("%T", err), Message: err.Error()}
	fields := reflect.Indirect(reflect.ValueOf(err))
	if fields.Kind() != reflect.Struct {
		return told
	}
	if code, ok := fieldOf(fields, "Code").(string); ok && code != "" {
		told.Code = code
	}
	if status, ok := fieldOf(fields, "StatusCode").(int); ok {
		told.Status = status
	}
	return told
}

func fieldOf(fields reflect.Value, name string) any {
	field := reflect.Indirect(fields.FieldByName(name))
	if !field.IsValid() || !field.CanInterface() {
		return nil
	}
	return field.Interface()
}

// A picture as Base64, anything else as its text.
func textOf(value any) string {
	switch value := value.(type) {
	case map[string]any:
		bytes, err := os.ReadFile(value["file"].(string))
		if err != nil {
			panic(err)
		}
		return base64.StdEncoding.EncodeToString(bytes)
	case float64:
		return fmt.Sprintf("%.0f", value)
	default:
		return fmt.Sprint(value)
	}
}

func say(line any) {
	text, err := json.Marshal(line)
	if err != nil {
		panic(err)
	}
	fmt.Println(string(text))
}

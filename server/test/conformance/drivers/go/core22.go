package main

import (
	"fmt"
	"os"

	openapi "github.com/alibabacloud-go/darabonba-openapi/v2/client"
	"github.com/alibabacloud-go/tea/dara"
)

type (
	openApiClient  = openapi.Client
	openApiConfig  = openapi.Config
	openApiParams  = openapi.Params
	openApiRequest = openapi.OpenApiRequest
)

var newClient = openapi.NewClient

func newRuntime() *dara.RuntimeOptions {
	return new(dara.RuntimeOptions).SetReadTimeout(patienceMs).SetConnectTimeout(patienceMs)
}

// The steps of the generated client's Advance calls, each by the core's own means: a ticket for each picture, its upload,
// which is always over TLS, and the call with the address of the upload.
func upload(run run, step step, request map[string]any) (any, error) {
	named := map[string]any{}
	for name, value := range request {
		picture, isPicture := value.(map[string]any)
		if !isPicture {
			named[name] = value
			continue
		}
		ticket, err := authorize(run, step)
		if err != nil {
			return nil, err
		}
		if err := postObject(ticket, picture["file"].(string)); err != nil {
			return nil, err
		}
		named[name] = fmt.Sprintf("http://%v.%v/%v", ticket["Bucket"], ticket["Endpoint"], ticket["ObjectKey"])
	}
	step.IsAdvance = false
	return call(run, step, named)
}

func authorize(run run, step step) (map[string]any, error) {
	run.Signature = "ACS3"
	query := map[string]*string{"Product": dara.String("ImageSearch")}
	params := paramsOf("AuthorizeFileUpload", "2019-12-19", "GET")
	answer, err := clientOf(run, step).CallApi(params, new(openApiRequest).SetQuery(query), newRuntime())
	if err != nil {
		return nil, err
	}
	return answer["body"].(map[string]any), nil
}

func postObject(ticket map[string]any, path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	boundary := dara.GetBoundary()
	host := fmt.Sprintf("%v.%v", ticket["Bucket"], ticket["Endpoint"])
	request := dara.NewRequest()
	request.Protocol = dara.String("HTTPS")
	request.Method = dara.String("POST")
	request.Pathname = dara.String("/")
	request.Headers = map[string]*string{
		"host":         dara.String(host),
		"content-type": dara.String("multipart/form-data; boundary=" + boundary),
	}
	request.Body = dara.ToFileForm(map[string]any{
		"host":                  ticket["Endpoint"],
		"OSSAccessKeyId":        ticket["AccessKeyId"],
		"policy":                ticket["EncodedPolicy"],
		"Signature":             ticket["Signature"],
		"key":                   ticket["ObjectKey"],
		"success_action_status": "201",
		"file": new(dara.FileField).
			SetFilename(fmt.Sprint(ticket["ObjectKey"])).
			SetContentType("").
			SetContent(file),
	}, boundary)
	response, err := dara.DoRequest(request, dara.NewRuntimeObject(map[string]any{
		"readTimeout":    patienceMs,
		"connectTimeout": patienceMs,
	}))
	if err != nil {
		return err
	}
	text, err := dara.ReadAsString(response.Body)
	if err != nil || *response.StatusCode < 400 {
		return err
	}
	refused := dara.ParseXml(text, nil)["Error"].(map[string]any)
	return &openapi.ClientError{
		Code:       dara.String(fmt.Sprint(refused["Code"])),
		Message:    dara.String(fmt.Sprint(refused["Message"])),
		StatusCode: response.StatusCode,
	}
}

package main

import (
	openapi "github.com/alibabacloud-go/darabonba-openapi/client"
	util "github.com/alibabacloud-go/tea-utils/service"
	"github.com/alibabacloud-go/tea/tea"
)

// The vendor's first core by DoRPCRequest, as the generated clients of 3.1.x call it.
func call(run run, step step, request map[string]any) (any, error) {
	if step.IsAdvance {
		return nil, absentError{"upload"}
	}
	client, err := openapi.NewClient(new(openapi.Config).
		SetEndpoint(step.Endpoint).
		SetProtocol(step.Protocol).
		SetAccessKeyId(run.AccessKeyId).
		SetAccessKeySecret(step.AccessKeySecret))
	if err != nil {
		return nil, err
	}
	body := map[string]any{}
	for name, value := range request {
		body[name] = textOf(value)
	}
	answer, err := client.DoRPCRequest(
		tea.String(step.Action),
		tea.String(step.Version),
		tea.String("HTTPS"),
		tea.String("POST"),
		tea.String("AK"),
		tea.String("json"),
		new(openapi.OpenApiRequest).SetBody(body),
		new(util.RuntimeOptions).SetReadTimeout(patienceMs).SetConnectTimeout(patienceMs),
	)
	if err != nil {
		return nil, err
	}
	return answer["body"], nil
}

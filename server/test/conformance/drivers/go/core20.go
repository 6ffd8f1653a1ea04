package main

import (
	openapi "github.com/alibabacloud-go/darabonba-openapi/v2/client"
	util "github.com/alibabacloud-go/tea-utils/v2/service"
)

type (
	openApiClient  = openapi.Client
	openApiConfig  = openapi.Config
	openApiParams  = openapi.Params
	openApiRequest = openapi.OpenApiRequest
)

var newClient = openapi.NewClient

func newRuntime() *util.RuntimeOptions {
	return new(util.RuntimeOptions).SetReadTimeout(patienceMs).SetConnectTimeout(patienceMs)
}

func upload(run, step, map[string]any) (any, error) {
	return nil, absentError{"upload"}
}

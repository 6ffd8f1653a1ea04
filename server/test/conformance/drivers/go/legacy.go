package main

import (
	"encoding/json"
	"errors"
	"reflect"
	"time"

	"github.com/aliyun/alibaba-cloud-sdk-go/sdk"
	sdkerrors "github.com/aliyun/alibaba-cloud-sdk-go/sdk/errors"
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/requests"
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/responses"
	"github.com/aliyun/alibaba-cloud-sdk-go/services/imagesearch"
)

// The vendor's older core: CommonRequest with RPC v1 and any action, or the typed calls of 2019-03-25.
func call(run run, step step, request map[string]any) (any, error) {
	if step.IsAdvance {
		return nil, absentError{"upload"}
	}
	answer, err := ask(run, step, request)
	if err != nil {
		var refused *sdkerrors.ServerError
		if errors.As(err, &refused) {
			return nil, &refusedError{refused.ErrorCode(), refused.HttpStatus(), refused.Message()}
		}
		return nil, err
	}
	var body any
	return body, json.Unmarshal([]byte(answer.GetHttpContentString()), &body)
}

type refusedError struct {
	Code       string
	StatusCode int
	message    string
}

func (refused *refusedError) Error() string { return refused.message }

func ask(run run, step step, request map[string]any) (responses.AcsResponse, error) {
	// No region is looked up, since the endpoint is given; the constructor wants one all the same.
	client, err := sdk.NewClientWithAccessKey("cn-shanghai", run.AccessKeyId, step.AccessKeySecret)
	if err != nil {
		return nil, err
	}
	client.SetConnectTimeout(patienceMs * time.Millisecond)
	client.SetReadTimeout(patienceMs * time.Millisecond)
	if run.Family == "legacy" {
		return client.ProcessCommonRequest(commonRequest(step, request))
	}
	typed, answer, err := typedRequest(step, request)
	if err != nil {
		return nil, err
	}
	return answer, client.DoAction(typed, answer)
}

func commonRequest(step step, request map[string]any) *requests.CommonRequest {
	common := requests.NewCommonRequest()
	common.Method = "POST"
	common.Scheme = step.Protocol
	common.Domain = step.Endpoint
	common.Version = step.Version
	common.ApiName = step.Action
	for name, value := range request {
		common.FormParams[name] = textOf(value)
	}
	return common
}

func typedRequest(step step, request map[string]any) (requests.AcsRequest, responses.AcsResponse, error) {
	var typed requests.AcsRequest
	var answer responses.AcsResponse
	switch step.Action {
	case "AddImage":
		typed, answer = imagesearch.CreateAddImageRequest(), imagesearch.CreateAddImageResponse()
	case "DeleteImage":
		typed, answer = imagesearch.CreateDeleteImageRequest(), imagesearch.CreateDeleteImageResponse()
	case "SearchImageByPic", "SearchImageByName":
		search := imagesearch.CreateSearchImageRequest()
		search.Type = map[string]string{"SearchImageByPic": "SearchByPic", "SearchImageByName": "SearchByName"}[step.Action]
		typed, answer = search, imagesearch.CreateSearchImageResponse()
	default:
		return nil, nil, absentError{step.Action}
	}
	typed.SetDomain(step.Endpoint)
	typed.SetScheme(step.Protocol)
	fields := reflect.ValueOf(typed).Elem()
	for name, value := range request {
		field := fields.FieldByName(name)
		if !field.IsValid() {
			return nil, nil, absentError{name}
		}
		field.SetString(textOf(value))
	}
	return typed, answer, nil
}

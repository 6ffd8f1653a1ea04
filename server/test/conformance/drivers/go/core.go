package main

// The vendor's cores 2.x by their public CallApi, as the generated clients call it.
func call(run run, step step, request map[string]any) (any, error) {
	if step.IsAdvance {
		return upload(run, step, request)
	}
	body := map[string]any{}
	for name, value := range request {
		body[name] = textOf(value)
	}
	answer, err := clientOf(run, step).CallApi(
		paramsOf(step.Action, step.Version, "POST"),
		new(openApiRequest).SetBody(body),
		newRuntime(),
	)
	if err != nil {
		return nil, err
	}
	return answer["body"], nil
}

func clientOf(run run, step step) *openApiClient {
	config := new(openApiConfig).
		SetEndpoint(step.Endpoint).
		SetProtocol(step.Protocol).
		SetAccessKeyId(run.AccessKeyId).
		SetAccessKeySecret(step.AccessKeySecret)
	if run.Signature == "RPC v1" {
		config.SetSignatureAlgorithm("v2")
	}
	client, err := newClient(config)
	if err != nil {
		panic(err)
	}
	return client
}

func paramsOf(action, version, method string) *openApiParams {
	return new(openApiParams).
		SetAction(action).
		SetVersion(version).
		SetProtocol("HTTPS").
		SetPathname("/").
		SetMethod(method).
		SetAuthType("AK").
		SetStyle("RPC").
		SetReqBodyType("formData").
		SetBodyType("json")
}

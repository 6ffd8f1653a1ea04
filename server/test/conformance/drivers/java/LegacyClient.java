import com.aliyuncs.AcsRequest;
import com.aliyuncs.AcsResponse;
import com.aliyuncs.DefaultAcsClient;
import com.aliyuncs.exceptions.ClientException;
import com.aliyuncs.http.ProtocolType;
import com.aliyuncs.imagesearch.model.v20190325.AddImageRequest;
import com.aliyuncs.imagesearch.model.v20190325.DeleteImageRequest;
import com.aliyuncs.imagesearch.model.v20190325.SearchImageRequest;
import com.aliyuncs.profile.DefaultProfile;
import com.google.gson.JsonObject;

/** The vendor's older core with the three calls of 2019-03-25. */
final class LegacyClient implements Driver.Client {
  private final JsonObject run;

  LegacyClient(JsonObject run) {
    this.run = run;
  }

  @Override
  public Object call(JsonObject step, JsonObject request) throws Exception {
    if (step.get("isAdvance").getAsBoolean()) throw new Driver.AbsentException("upload");
    AcsRequest<? extends AcsResponse> model = requestOf(Driver.textOf(step, "action"));
    Driver.fill(model, request, false);
    model.setSysEndpoint(Driver.textOf(step, "endpoint"));
    model.setSysProtocol(Driver.textOf(step, "protocol").equals("http") ? ProtocolType.HTTP : ProtocolType.HTTPS);
    model.setSysConnectTimeout(Driver.PATIENCE_MS);
    model.setSysReadTimeout(Driver.PATIENCE_MS);
    String id = Driver.textOf(run, "accessKeyId");
    // No region is looked up, since the endpoint is given; the profile wants one all the same.
    DefaultProfile profile = DefaultProfile.getProfile("cn-shanghai", id, Driver.textOf(step, "accessKeySecret"));
    DefaultAcsClient client = new DefaultAcsClient(profile);
    client.setAutoRetry(false);
    return client.getAcsResponse(model);
  }

  private static AcsRequest<? extends AcsResponse> requestOf(String action) throws Driver.AbsentException {
    switch (action) {
      case "AddImage":
        return new AddImageRequest();
      case "DeleteImage":
        return new DeleteImageRequest();
      case "SearchImageByPic":
        return searchRequest("SearchByPic");
      case "SearchImageByName":
        return searchRequest("SearchByName");
      default:
        throw new Driver.AbsentException(action);
    }
  }

  private static SearchImageRequest searchRequest(String type) {
    SearchImageRequest request = new SearchImageRequest();
    request.setType(type);
    return request;
  }

  @Override
  public JsonObject readError(Exception error) {
    if (!(error instanceof ClientException)) return Driver.error(error.getClass().getSimpleName(), null, String.valueOf(error));
    ClientException refusal = (ClientException) error;
    return Driver.error(refusal.getErrCode(), null, refusal.getErrMsg());
  }
}

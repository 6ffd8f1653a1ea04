import com.aliyun.tea.TeaException;
import com.aliyun.teaopenapi.Client;
import com.aliyun.teaopenapi.models.Config;
import com.aliyun.teaopenapi.models.OpenApiRequest;
import com.aliyun.teaopenapi.models.Params;
import com.aliyun.teautil.models.RuntimeOptions;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The vendor's newest core by its public {@code callApi}, as the newer generated clients call it. */
final class CoreClient implements Driver.Client {
  private final JsonObject run;
  private final Map<List<String>, Client> clients = new HashMap<>();

  CoreClient(JsonObject run) {
    this.run = run;
  }

  @Override
  public Object call(JsonObject step, JsonObject request) throws Exception {
    if (step.get("isAdvance").getAsBoolean()) throw new Driver.AbsentException("upload");
    Params params =
        new Params()
            .setAction(Driver.textOf(step, "action"))
            .setVersion(Driver.textOf(step, "version"))
            .setProtocol("HTTPS")
            .setPathname("/")
            .setMethod("POST")
            .setAuthType("AK")
            .setStyle("RPC")
            .setReqBodyType("formData")
            .setBodyType("json");
    Map<String, Object> body = new HashMap<>();
    for (Map.Entry<String, JsonElement> field : request.entrySet()) {
      body.put(field.getKey(), Driver.textOf(field.getValue()));
    }
    RuntimeOptions runtime = new RuntimeOptions();
    runtime.setConnectTimeout(Driver.PATIENCE_MS);
    runtime.setReadTimeout(Driver.PATIENCE_MS);
    return clientOf(step).callApi(params, new OpenApiRequest().setBody(body), runtime).get("body");
  }

  private Client clientOf(JsonObject step) throws Exception {
    List<String> key =
        List.of(
            Driver.textOf(step, "endpoint"),
            Driver.textOf(step, "protocol"),
            Driver.textOf(step, "accessKeySecret"));
    Client known = clients.get(key);
    if (known != null) return known;
    Config config =
        new Config()
            .setEndpoint(key.get(0))
            .setProtocol(key.get(1))
            .setAccessKeyId(Driver.textOf(run, "accessKeyId"))
            .setAccessKeySecret(key.get(2));
    if (Driver.textOf(run, "signature").equals("RPC v1")) config.setSignatureAlgorithm("v2");
    Client client = new Client(config);
    clients.put(key, client);
    return client;
  }

  @Override
  public JsonObject readError(Exception error) {
    if (!(error instanceof TeaException)) return Driver.error(error.getClass().getSimpleName(), null, String.valueOf(error));
    TeaException refusal = (TeaException) error;
    return Driver.error(refusal.getCode(), refusal.getStatusCode(), refusal.getMessage());
  }
}

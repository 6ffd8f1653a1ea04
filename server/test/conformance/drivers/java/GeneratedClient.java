import com.aliyun.imagesearch20201214.Client;
import com.aliyun.tea.TeaException;
import com.aliyun.tea.TeaModel;
import com.aliyun.teaopenapi.models.Config;
import com.aliyun.teautil.models.RuntimeOptions;
import com.google.gson.JsonObject;
import java.lang.reflect.InvocationTargetException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The vendor's generated client. */
final class GeneratedClient implements Driver.Client {
  private static final String MODELS = "com.aliyun.imagesearch20201214.models.";
  private final JsonObject run;
  private final Map<List<String>, Client> clients = new HashMap<>();

  GeneratedClient(JsonObject run) {
    this.run = run;
  }

  @Override
  public Object call(JsonObject step, JsonObject request) throws Exception {
    boolean isAdvance = step.get("isAdvance").getAsBoolean();
    String name = Driver.textOf(step, "action") + (isAdvance ? "Advance" : "");
    Class<?> requestClass;
    try {
      requestClass = Class.forName(MODELS + name + "Request");
    } catch (ClassNotFoundException error) {
      throw new Driver.AbsentException(name);
    }
    Object model = requestClass.getDeclaredConstructor().newInstance();
    Driver.fill(model, request, isAdvance);
    String method = Character.toLowerCase(name.charAt(0)) + name.substring(1) + (isAdvance ? "" : "WithOptions");
    RuntimeOptions runtime =
        new RuntimeOptions().setConnectTimeout(Driver.PATIENCE_MS).setReadTimeout(Driver.PATIENCE_MS);
    Object answer;
    try {
      answer = Client.class.getMethod(method, requestClass, RuntimeOptions.class).invoke(clientOf(step), model, runtime);
    } catch (InvocationTargetException error) {
      throw (Exception) error.getCause();
    }
    TeaModel body = (TeaModel) answer.getClass().getMethod("getBody").invoke(answer);
    return body.toMap();
  }

  private Client clientOf(JsonObject step) throws Exception {
    String endpoint = Driver.textOf(step, "endpoint");
    List<String> key = List.of(endpoint, Driver.textOf(step, "protocol"), Driver.textOf(step, "accessKeySecret"));
    Client known = clients.get(key);
    if (known != null) return known;
    Client client =
        new Client(
            new Config()
                .setEndpoint(endpoint)
                .setProtocol(key.get(1))
                .setAccessKeyId(Driver.textOf(run, "accessKeyId"))
                .setAccessKeySecret(key.get(2)));
    client._openPlatformEndpoint = endpoint;
    clients.put(key, client);
    return client;
  }

  @Override
  public JsonObject readError(Exception error) {
    if (!(error instanceof TeaException)) return Driver.error(error.getClass().getSimpleName(), null, String.valueOf(error));
    TeaException refusal = (TeaException) error;
    Map<String, Object> data = refusal.getData();
    Object status = data == null ? null : data.get("statusCode");
    Integer number = status instanceof Number ? Integer.valueOf(((Number) status).intValue()) : null;
    return Driver.error(refusal.getCode(), number, refusal.getMessage());
  }
}

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.reflect.Method;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;

/**
 * Drives one of Java's SDKs through a run: {@code java Driver RUN.json}. Every line that it prints is JSON: what it is
 * first, then the outcome of each step.
 */
public final class Driver {
  static final int PATIENCE_MS = 60_000;
  private static final Gson GSON = new Gson();
  private static final Map<String, String> CLIENTS =
      Map.of("generated", "GeneratedClient", "core", "CoreClient", "legacy", "LegacyClient");

  /** One SDK: what it answers, in wire names or their beans, and how it tells a refusal. */
  interface Client {
    Object call(JsonObject step, JsonObject request) throws Exception;

    /** With {@code code}, {@code message}, and {@code status} where the SDK keeps one. */
    JsonObject readError(Exception error);
  }

  /** What an SDK has no name for. */
  static final class AbsentException extends Exception {
    AbsentException(String what) {
      super("no " + what);
    }
  }

  public static void main(String[] args) throws Exception {
    JsonObject run = GSON.fromJson(Files.readString(Path.of(args[0])), JsonObject.class);
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    out.println(greetingOf(run));
    String className = CLIENTS.get(run.get("family").getAsString());
    Client client = (Client) Class.forName(className).getDeclaredConstructor(JsonObject.class).newInstance(run);
    for (JsonElement step : run.getAsJsonArray("steps")) {
      JsonObject outcome = outcomeOf(client, step.getAsJsonObject());
      outcome.add("name", step.getAsJsonObject().get("name"));
      out.println(GSON.toJson(outcome));
    }
    // Some SDKs leave threads behind that would keep the process.
    System.exit(0);
  }

  private static String greetingOf(JsonObject run) {
    JsonObject greeting = new JsonObject();
    greeting.addProperty("areNamesRefused", areNamesRefused(run.get("foreignName").getAsString()));
    greeting.add("version", run.get("version"));
    return GSON.toJson(greeting);
  }

  /** Whether the vendor's names are out of reach: the JVM was told to ask one file alone. */
  private static boolean areNamesRefused(String name) {
    try {
      InetAddress.getByName(name);
      return false;
    } catch (UnknownHostException error) {
      return true;
    }
  }

  private static JsonObject outcomeOf(Client client, JsonObject step) {
    JsonObject outcome = new JsonObject();
    for (JsonElement request : step.getAsJsonArray("requests")) {
      outcome = new JsonObject();
      try {
        outcome.add("body", GSON.toJsonTree(client.call(step, request.getAsJsonObject())));
      } catch (AbsentException error) {
        outcome.addProperty("absent", error.getMessage());
        return outcome;
      } catch (Exception error) {
        outcome.add("error", client.readError(error));
        return outcome;
      }
    }
    return outcome;
  }

  static String textOf(JsonObject object, String name) {
    return object.get(name).getAsString();
  }

  static JsonObject error(String code, Integer status, String message) {
    JsonObject error = new JsonObject();
    error.addProperty("code", code);
    if (status != null) error.addProperty("status", status);
    error.addProperty("message", message);
    return error;
  }

  /** A picture as Base64, anything else as its text. */
  static String textOf(JsonElement value) throws Exception {
    if (!value.isJsonObject()) return value.getAsString();
    return Base64.getEncoder().encodeToString(Files.readAllBytes(fileOf(value)));
  }

  static InputStream streamOf(JsonElement value) throws Exception {
    return Files.newInputStream(fileOf(value));
  }

  private static Path fileOf(JsonElement picture) {
    return Path.of(picture.getAsJsonObject().get("file").getAsString());
  }

  /** Gives a request of the SDK what the run says, by its setters. */
  static void fill(Object target, JsonObject request, boolean isAdvance) throws Exception {
    for (Map.Entry<String, JsonElement> field : request.entrySet()) {
      boolean isStream = isAdvance && field.getValue().isJsonObject();
      String setter = "set" + field.getKey() + (isStream ? "Object" : "");
      Method method = null;
      for (Method each : target.getClass().getMethods()) {
        if (each.getName().equals(setter) && each.getParameterCount() == 1) method = each;
      }
      if (method == null) throw new AbsentException(field.getKey());
      Class<?> type = method.getParameterTypes()[0];
      method.invoke(target, isStream ? streamOf(field.getValue()) : valueOf(field.getValue(), type));
    }
  }

  private static Object valueOf(JsonElement value, Class<?> type) throws Exception {
    if (type == Integer.class) return value.getAsInt();
    if (type == Boolean.class) return value.getAsBoolean();
    return textOf(value);
  }
}

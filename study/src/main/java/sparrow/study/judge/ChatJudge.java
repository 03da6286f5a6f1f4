package sparrow.study.judge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import sparrow.study.data.Item;
import sparrow.study.http.OpenAiService;

/**
 * A language model at a chat endpoint with OpenAI's protocol, used at temperature 0.
 *
 * @param service service, closed with the judge
 * @param model model name that the service uses
 */
record ChatJudge(OpenAiService service, String model, Rubric rubric) implements Judge {
    @Override
    public Verdict judge(Item item, String reply) throws InterruptedIOException {
        ObjectNode request = JsonNodeFactory.instance.objectNode();
        request.put("model", model).put("temperature", 0);
        request.putArray("messages").addObject().put("role", "user").put("content", rubric.prompt(item, reply));
        try {
            byte[] body = request.toString().getBytes(StandardCharsets.UTF_8);
            return rubric.verdict(service.post("chat/completions", "application/json", body, ChatJudge::content));
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            return new Verdict.Ungraded(e.getMessage());
        }
    }

    /** Returns the text of the first choice, or an empty string if there is none. */
    private static String content(JsonNode completion) {
        JsonNode choices = completion.path("choices");
        if (!choices.isArray()) throw new IllegalArgumentException("choices: expected an array");
        if (choices.isEmpty()) return "";
        JsonNode content = choices.path(0).path("message").path("content");
        if (content.isNull()) return "";
        if (!content.isTextual()) throw new IllegalArgumentException("choices: message: content: expected a string");
        return content.textValue();
    }

    @Override
    public void close() {
        service.close();
    }
}

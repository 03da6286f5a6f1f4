package sparrow.study.judge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InterruptedIOException;
import sparrow.study.data.Item;
import sparrow.study.http.Content;
import sparrow.study.http.OpenAiService;
import sparrow.study.http.UnexpectedAnswerException;

/**
 * A language model at a chat endpoint of OpenAI's protocol, asked at temperature 0.
 *
 * @param service closed with the judge
 * @param model as the service names it
 */
record ChatJudge(OpenAiService service, String model, Rubric rubric) implements Judge {
    @Override
    public Verdict judge(Item item, String reply) throws InterruptedIOException {
        ObjectNode request = JsonNodeFactory.instance.objectNode();
        request.put("model", model).put("temperature", 0);
        request.putArray("messages").addObject().put("role", "user").put("content", rubric.prompt(item, reply));
        try {
            return rubric.verdict(service.post("chat/completions", Content.json(request), ChatJudge::content));
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            return new Verdict.Ungraded(e.getMessage());
        }
    }

    /** The text of the first choice; empty if there is none, or it says nothing. */
    private static String content(JsonNode completion) throws UnexpectedAnswerException {
        JsonNode choices = completion.path("choices");
        if (!choices.isArray()) throw new UnexpectedAnswerException("choices: expected an array");
        if (choices.isEmpty()) return "";
        JsonNode content = choices.path(0).path("message").path("content");
        if (content.isNull()) return "";
        if (!content.isTextual()) throw new UnexpectedAnswerException("choices: message: content: expected a string");
        return content.textValue();
    }

    @Override
    public void close() {
        service.close();
    }
}

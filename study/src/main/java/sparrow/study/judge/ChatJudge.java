package sparrow.study.judge;

import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import java.io.IOException;
import java.io.InterruptedIOException;
import sparrow.study.data.Item;
import sparrow.study.http.OpenAiService;

/** A language model behind the chat endpoint of OpenAI's protocol, asked at temperature 0. */
final class ChatJudge implements Judge {
    private final OpenAiService service;
    private final String model;
    private final Rubric rubric;

    ChatJudge(OpenAiService service, String model, Rubric rubric) {
        this.service = service;
        this.model = model;
        this.rubric = rubric;
    }

    @Override
    public String name() {
        return model + " (" + rubric.name() + ")";
    }

    @Override
    public Verdict judge(Item item, String reply) throws InterruptedIOException {
        ChatCompletionCreateParams request = ChatCompletionCreateParams.builder()
                .model(model)
                .temperature(0)
                .addUserMessage(rubric.prompt(item, reply))
                .build();
        try {
            return rubric.verdict(
                    service.ask(client -> content(client.chat().completions().create(request))));
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            return new Verdict.Ungraded(e.getMessage());
        }
    }

    private static String content(ChatCompletion completion) {
        return completion.choices().stream()
                .findFirst()
                .flatMap(choice -> choice.message().content())
                .orElse("");
    }

    @Override
    public void close() {
        service.close();
    }
}

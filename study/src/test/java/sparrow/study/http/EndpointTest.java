package sparrow.study.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {
    @ParameterizedTest
    @ValueSource(strings = {"api.openai.com", "file:///etc/hosts", "http:///v1", "not a url", "http://h/v1?key=3", ""})
    void refusesWhatIsNoBaseUrl(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Endpoint.at(text))
                .withMessageStartingWith("base URL: expected one like https://api.openai.com/v1, got");
    }

    @Test
    void refusesAPasswordInTheAddressWithoutShowingIt() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Endpoint.at("https://me:hunter2@host/v1"))
                .withMessage("base URL: expected no user or password in it, got https://...@host/v1");
    }

    @Test
    void refusesTimesAndCountsThatAreNone() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Endpoint(Endpoint.OPENAI, Duration.ZERO, 1))
                .withMessageContaining("timeout");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Endpoint(Endpoint.OPENAI, Duration.ofSeconds(1), -1))
                .withMessageContaining("retries");
    }

    @Test
    void needsAKeyForOpenAiButNotForAServerOfOnesOwn() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ApiKey.from(Map.of(), Endpoint.at(Endpoint.OPENAI)))
                .withMessage(
                        "OPENAI_API_KEY: expected the key for https://api.openai.com/v1 in the environment, found none");

        assertThat(ApiKey.from(Map.of(), Endpoint.at("http://localhost:8080/v1"))
                        .secret())
                .isEqualTo("none");
    }

    @Test
    void showsNoKey() {
        Endpoint endpoint = Endpoint.at(Endpoint.OPENAI);

        assertThat(ApiKey.from(Map.of(ApiKey.VARIABLE, " sk-secret\n"), endpoint))
                .hasToString("OPENAI_API_KEY")
                .extracting(ApiKey::secret)
                .isEqualTo("sk-secret");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ApiKey.from(Map.of(ApiKey.VARIABLE, "sk secret"), endpoint))
                .withMessageNotContaining("secret");
    }
}

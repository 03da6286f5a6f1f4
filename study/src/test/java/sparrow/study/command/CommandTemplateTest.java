package sparrow.study.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the commands are those of POSIX")
class CommandTemplateTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "printf %s, a b          | a,b,",
                "printf %s, 'a b' c      | a b,c,",
                "printf %s, \"it's\" x   | it's,x,",
                "printf %s, a'b c'd      | ab cd,",
                "printf %s, {text}       | $(id); \"quoted\" 'too',",
                "printf %s, <{text}>     | <$(id); \"quoted\" 'too'>,",
                "printf %s, ''           | ,",
            })
    void givesArgumentsAsTheyStandAndValuesWhole(String template, String expected) throws IOException {
        CommandTemplate command = CommandTemplate.parse(template, Set.of("text"));

        assertThat(command.run(Map.of("text", "$(id); \"quoted\" 'too'"), "", LONG))
                .isEqualTo(expected);
    }

    @Test
    void givesTheInputToTheStandardInput() throws IOException {
        assertThat(CommandTemplate.parse("cat", Set.of()).run(Map.of(), "grüße\n", LONG))
                .isEqualTo("grüße\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "~  ~           | command: expected a program, found none",
                "say 'it        | command: expected a closing quotation mark in say 'it",
                "say {text} {x} | command: expected placeholders named text, wav, found {x} in say {text} {x}",
            })
    void refusesWhatIsNoCommand(String template, String message) {
        assertThatThrownBy(() -> CommandTemplate.parse(template, Set.of("wav", "text")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void saysThatTheProgramIsNotThere() {
        CommandTemplate command = CommandTemplate.parse("no-such-program-here -x", Set.of());

        assertThatThrownBy(() -> command.run(Map.of(), "", LONG))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("no-such-program-here: expected a program that can be started: ")
                .hasMessageNotContaining("\n");
    }

    @Test
    void saysHowTheProgramEndedWithItsLastWord() {
        CommandTemplate command = CommandTemplate.parse("sh -c 'echo one >&2; echo two >&2; exit 3'", Set.of());

        assertThatThrownBy(() -> command.run(Map.of(), "", LONG))
                .isInstanceOf(IOException.class)
                .hasMessage("sh: exited with code 3: two");
    }

    @Test
    void endsAProgramThatTakesTooLong() {
        CommandTemplate command = CommandTemplate.parse("sleep 600", Set.of());

        assertThatThrownBy(() -> command.run(Map.of(), "", Duration.ofMillis(200)))
                .isInstanceOf(IOException.class)
                .hasMessage("sleep: did not exit within 0.2 s");
        assertThat(ProcessHandle.current().children())
                .allSatisfy(child -> assertThat(child.onExit()).succeedsWithin(Duration.ofMinutes(5)));
    }

    @Test
    void readsNoMoreThanABoundedOutput() throws IOException {
        CommandTemplate command = CommandTemplate.parse("head -c 1000000 /dev/zero", Set.of());

        assertThat(command.run(Map.of(), "", LONG)).hasSize(64 << 10);
    }
}

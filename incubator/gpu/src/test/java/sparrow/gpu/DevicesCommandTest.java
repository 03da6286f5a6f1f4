package sparrow.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import sparrow.app.Main;
import sparrow.engine.device.DeviceInfo;

/** The command line lists devices where this artifact is on its class path. */
@Tag("device")
class DevicesCommandTest {
    @Test
    void infoListsWhatOpenClKnows() {
        DeviceInfo info = DeviceUnderTest.info();
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine commands = Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));

        assertThat(commands.execute("info", "--devices")).as(err.toString()).isZero();

        assertThat(out.toString())
                .contains(info.id() + "  " + info.name(), info.vendor(), info.host() + ", driver " + info.driver());
    }
}

package sparrow.gpu.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is read from PTX; the first forms are those of NVRTC 12.9. */
class SignaturesTest {
    @Test
    void argumentsOfEveryKernelHaveTheirSizes() {
        String ptx = """
                .version 8.8
                .target sm_80
                .address_size 64

                	// .globl	matvec_1
                .func  (.param .b32 func_retval0) helper(
                	.param .b32 helper_param_0
                )
                ;
                .visible .entry matvec_1(
                	.param .u64 matvec_1_param_0,
                	.param .u64 .ptr .global .align 16 matvec_1_param_1,
                	.param .u32 matvec_1_param_2,
                	.param .f32 matvec_1_param_3,
                	.param .align 16 .b8 matvec_1_param_4[48]
                )
                {
                	ld.param.u64 	%rd16, [matvec_1_param_0];
                }
                .visible .entry nothing()
                { ret; }
                """;

        assertThat(Signatures.of(ptx)).isEqualTo(Map.of("matvec_1", List.of(8, 8, 4, 4, 48), "nothing", List.of()));
    }
}

/** Answers the address of so many bytes, which stay the kernel's until the call from outside returns. */
export declare function scratch(bytes: usize): usize

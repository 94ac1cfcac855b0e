/* The one list of debugger commands, fact tables and derivations. Adding a command adds one line here and its file.
 *
 * commands.c turns the lists into sc_commands, sc_table_list and sc_derivations.
 */
#ifndef STOPCODE_TABLES_H
#define STOPCODE_TABLES_H

#include "engine/facts/fact.h"

/* Debugger commands, in the order in which tasters are asked when the prompt is lost. */
#define SC_COMMANDS(X)                                                                                                 \
    X(irql)                                                                                                            \
    X(user_event)                                                                                                      \
    X(vertarget)                                                                                                       \
    X(dumpheader)                                                                                                      \
    X(pcr)                                                                                                             \
    X(prcb)                                                                                                            \
    X(dpcs)                                                                                                            \
    X(running)                                                                                                         \
    X(ready)                                                                                                           \
    X(stacks)                                                                                                          \
    X(qlocks)                                                                                                          \
    X(exqueue)                                                                                                         \
    X(timer)                                                                                                           \
    X(dpcwatchdog)                                                                                                     \
    X(analyze)                                                                                                         \
    X(exr)                                                                                                             \
    X(bugcheck)                                                                                                        \
    X(dot_bugcheck)                                                                                                    \
    X(accused)                                                                                                         \
    X(arg_module)                                                                                                      \
    X(conflict)                                                                                                        \
    X(dump)                                                                                                            \
    X(message)                                                                                                         \
    X(evaluate)                                                                                                        \
    X(formats)                                                                                                         \
    X(lm)                                                                                                              \
    X(disasm)                                                                                                          \
    X(trap)                                                                                                            \
    X(cxr)                                                                                                             \
    X(tss)                                                                                                             \
    X(r)                                                                                                               \
    X(locks)                                                                                                           \
    X(irp)                                                                                                             \
    X(irpfind)                                                                                                         \
    X(devobj)                                                                                                          \
    X(process)                                                                                                         \
    X(thread)                                                                                                          \
    X(io)                                                                                                              \
    X(ipi)                                                                                                             \
    X(errrec)                                                                                                          \
    X(whea)                                                                                                            \
    X(mca)                                                                                                             \
    X(poolused)                                                                                                        \
    X(verifier)                                                                                                        \
    X(deadlock)                                                                                                        \
    X(chkimg)                                                                                                          \
    X(sysinfo)                                                                                                         \
    X(cpuinfo)                                                                                                         \
    X(token)                                                                                                           \
    X(job)                                                                                                             \
    X(ca)                                                                                                              \
    X(vad)                                                                                                             \
    X(wdfdevext)                                                                                                       \
    X(storclass)                                                                                                       \
    X(ptov)                                                                                                            \
    X(dx)                                                                                                              \
    X(cmreslist)                                                                                                       \
    X(dd)                                                                                                              \
    X(vm)                                                                                                              \
    X(vm_pool)                                                                                                         \
    X(devstack)                                                                                                        \
    X(devnode)                                                                                                         \
    X(drvobj)                                                                                                          \
    X(handle)                                                                                                          \
    X(object)                                                                                                          \
    X(error)                                                                                                           \
    X(gle)                                                                                                             \
    X(poolfind)                                                                                                        \
    X(poolval)                                                                                                         \
    X(pool)                                                                                                            \
    X(pfn)                                                                                                             \
    X(pte)                                                                                                             \
    X(vprot)                                                                                                           \
    X(address)                                                                                                         \
    X(powertriage)                                                                                                     \
    X(poaction)                                                                                                        \
    X(podev)                                                                                                           \
    X(popolicy)                                                                                                        \
    X(memusage)                                                                                                        \
    X(sysptes)                                                                                                         \
    X(fltkd_filters)                                                                                                   \
    X(fltkd_cbd)                                                                                                       \
    X(ndiskd)                                                                                                          \
    X(ndiskd_minidriver)                                                                                               \
    X(wdf)                                                                                                             \
    X(wdflogdump)                                                                                                      \
    X(effmach)                                                                                                         \
    X(dt)                                                                                                              \
    X(dps)                                                                                                             \
    X(raw)                                                                                                             \
    X(stack)                                                                                                           \
    X(k)

/* Fact tables, in the order in which `stopcode tables` shows them. */
#define SC_TABLES(X)                                                                                                   \
    X(irql)                                                                                                            \
    X(target)                                                                                                          \
    X(dump_header)                                                                                                     \
    X(bugcheck)                                                                                                        \
    X(bugcheck_seen)                                                                                                   \
    X(accused)                                                                                                         \
    X(arg_module)                                                                                                      \
    X(conflict)                                                                                                        \
    X(dump)                                                                                                            \
    X(dump_module)                                                                                                     \
    X(analyze)                                                                                                         \
    X(message)                                                                                                         \
    X(module)                                                                                                          \
    X(context)                                                                                                         \
    X(register)                                                                                                        \
    X(instruction)                                                                                                     \
    X(evaluated)                                                                                                       \
    X(raw_slot)                                                                                                        \
    X(raw_module)                                                                                                      \
    X(ebp_chain)                                                                                                       \
    X(stack)                                                                                                           \
    X(frame)                                                                                                           \
    X(lock)                                                                                                            \
    X(lock_thread)                                                                                                     \
    X(thread)                                                                                                          \
    X(thread_irp)                                                                                                      \
    X(irp)                                                                                                             \
    X(irp_stack)                                                                                                       \
    X(pending_irp)                                                                                                     \
    X(device)                                                                                                          \
    X(process)                                                                                                         \
    X(wait_chain)                                                                                                      \
    X(crash_frame)                                                                                                     \
    X(stack_module)                                                                                                    \
    X(stack_use)                                                                                                       \
    X(recursion)                                                                                                       \
    X(stack_pointer)                                                                                                   \
    X(ipi)                                                                                                             \
    X(processor_state)                                                                                                 \
    X(dpc)                                                                                                             \
    X(running)                                                                                                         \
    X(ready_thread)                                                                                                    \
    X(thread_summary)                                                                                                  \
    X(queued_lock)                                                                                                     \
    X(queued_lock_processor)                                                                                           \
    X(work_queue)                                                                                                      \
    X(work_queue_thread)                                                                                               \
    X(work_item)                                                                                                       \
    X(timer)                                                                                                           \
    X(dpc_watchdog)                                                                                                    \
    X(vm)                                                                                                              \
    X(vm_warning)                                                                                                      \
    X(vm_pool)                                                                                                         \
    X(whea_record)                                                                                                     \
    X(whea_section)                                                                                                    \
    X(whea_field)                                                                                                      \
    X(whea_source)                                                                                                     \
    X(whea_slot)                                                                                                       \
    X(mca)                                                                                                             \
    X(mca_bank)                                                                                                        \
    X(pool_tag)                                                                                                        \
    X(pool_total)                                                                                                      \
    X(verifier)                                                                                                        \
    X(verifier_flag)                                                                                                   \
    X(verifier_driver)                                                                                                 \
    X(verifier_pool)                                                                                                   \
    X(verifier_counter)                                                                                                \
    X(deadlock)                                                                                                        \
    X(deadlock_thread)                                                                                                 \
    X(deadlock_lock)                                                                                                   \
    X(deadlock_step)                                                                                                   \
    X(deadlock_frame)                                                                                                  \
    X(verifier_event)                                                                                                  \
    X(verifier_event_frame)                                                                                            \
    X(chkimg)                                                                                                          \
    X(chkimg_byte)                                                                                                     \
    X(cpu)                                                                                                             \
    X(processor_info)                                                                                                  \
    X(machine)                                                                                                         \
    X(memory_device)                                                                                                   \
    X(smbios_processor)                                                                                                \
    X(smbios_cache)                                                                                                    \
    X(dt_field)                                                                                                        \
    X(device_stack)                                                                                                    \
    X(devnode)                                                                                                         \
    X(devnode_state)                                                                                                   \
    X(driver)                                                                                                          \
    X(driver_routine)                                                                                                  \
    X(driver_device)                                                                                                   \
    X(object)                                                                                                          \
    X(object_entry)                                                                                                    \
    X(handle)                                                                                                          \
    X(user_event)                                                                                                      \
    X(token)                                                                                                           \
    X(token_privilege)                                                                                                 \
    X(job)                                                                                                             \
    X(control_area)                                                                                                    \
    X(subsection)                                                                                                      \
    X(vad)                                                                                                             \
    X(wdf_context)                                                                                                     \
    X(umdf_device)                                                                                                     \
    X(storage_device)                                                                                                  \
    X(page_map)                                                                                                        \
    X(dx_field)                                                                                                        \
    X(hw_resource)                                                                                                     \
    X(memory_word)                                                                                                     \
    X(error_code)                                                                                                      \
    X(pool_block)                                                                                                      \
    X(pool_page)                                                                                                       \
    X(pte)                                                                                                             \
    X(pfn)                                                                                                             \
    X(address_region)                                                                                                  \
    X(power_irp)                                                                                                       \
    X(power_thread)                                                                                                    \
    X(power_action)                                                                                                    \
    X(power_device)                                                                                                    \
    X(device_power)                                                                                                    \
    X(power_policy)                                                                                                    \
    X(memory_list)                                                                                                     \
    X(memory_file)                                                                                                     \
    X(system_pte)                                                                                                      \
    X(filter)                                                                                                          \
    X(filter_instance)                                                                                                 \
    X(filter_request)                                                                                                  \
    X(net_adapter)                                                                                                     \
    X(net_driver)                                                                                                      \
    X(net_oid)                                                                                                         \
    X(wdf_driver)                                                                                                      \
    X(wdf_device)                                                                                                      \
    X(wdf_queue)                                                                                                       \
    X(wdf_log)                                                                                                         \
    X(effective_machine)

/* Derivations, in the order in which they run: each sees what those before it made. */
#define SC_DERIVATIONS(X)                                                                                              \
    X(message)                                                                                                         \
    X(minidump)                                                                                                        \
    X(io)                                                                                                              \
    X(chain)                                                                                                           \
    X(bugcheck)                                                                                                        \
    X(stack)                                                                                                           \
    X(context)                                                                                                         \
    X(address)                                                                                                         \
    X(vm)                                                                                                              \
    X(mca)                                                                                                             \
    X(raw)                                                                                                             \
    X(conflict)

#define X(id) extern const sc_command sc_command_##id;
SC_COMMANDS(X)
#undef X
#define X(id) extern const sc_table sc_table_##id;
SC_TABLES(X)
#undef X
#define X(id) void sc_derive_##id(sc_facts *f);
SC_DERIVATIONS(X)
#undef X

#endif
